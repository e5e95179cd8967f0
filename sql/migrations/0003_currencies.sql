-- ISO 4217. The same for all organizations.
create table public.currencies (
  code text primary key check (code ~ '^[A-Z]{3}$'),
  name text not null,
  -- digits after the decimal point
  minor_units smallint not null check (minor_units between 0 and 4)
);

insert into public.currencies (code, name, minor_units)
values ('EUR', 'Euro', 2), ('GBP', 'Pound sterling', 2), ('JPY', 'Yen', 0), ('USD', 'US dollar', 2);
