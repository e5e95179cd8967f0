/** Every stage there is. A new one is a file beside this one, and a name here. */
import { dev } from './dev';
import { prod } from './prod';
import { staging } from './staging';

export const STAGES = { dev, staging, prod } as const;
