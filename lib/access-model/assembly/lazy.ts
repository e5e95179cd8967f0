/** Computes each value once, when it is asked for: stacks refer to each other in any order. */
import { Problem } from '../problem';

export class Lazy {
  private readonly values = new Map<string, unknown>();
  /** In the order in which they ask for each other. */
  private readonly asking = new Set<string>();

  /**
   * @param place Names the value: `Stack.Outputs.X`.
   * @throws Problem where the value needs itself; CloudFormation refuses such templates too.
   */
  once<T>(place: string, compute: () => T): T {
    if (this.values.has(place)) return this.values.get(place) as T;
    if (this.asking.has(place)) {
      const chain = [...this.asking];
      const circle = [...chain.slice(chain.indexOf(place)), place].join(' -> ');
      throw new Problem(
        `The templates refer to each other in a circle, break it and synthesize again: ${circle}`,
      );
    }
    this.asking.add(place);
    const value = compute();
    this.asking.delete(place);
    this.values.set(place, value);
    return value;
  }
}
