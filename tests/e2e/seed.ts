import { seed } from '../../db/seed.ts';
import { readConfig } from '../../src/config.ts';

/** Demo people for the pages of development; every other person is made by the test that needs them. */
export default () => seed(readConfig(process.env));
