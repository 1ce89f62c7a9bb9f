import { adminProcedure } from '../../trpc.ts';
import { examine } from './service.ts';

export const health = adminProcedure.query(() => examine());
