/** Databases that more than one benchmark reads, made once per run. */
import type { Sizes } from '../sizes';
import { chain } from './chain';
import { createItems, type ItemsWorld } from './items';
import type { BenchServer } from './server';

export class Worlds {
  private made: Promise<ItemsWorld> | undefined;

  constructor(
    private readonly server: BenchServer,
    private readonly sizes: Sizes,
  ) {}

  /** Items and the chains that hang on them. */
  items(): Promise<ItemsWorld> {
    const { chainRows, organizations } = this.sizes;
    this.made ??= createItems(this.server, 'items', this.sizes, chain(chainRows, organizations));
    return this.made;
  }
}
