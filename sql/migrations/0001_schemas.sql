-- Conventions for every file in this folder: roll-forward only; never edit a file that was applied anywhere; every
-- name is written with its schema (search_path is empty here); one subject per file.
--
-- public: the product. access: who of our own staff may reach which organization.
-- `guard` and `vault` are not made here: the registry engine installs them.
create schema access;
comment on schema access is 'Who of our own staff may reach which organization.';
