import { AI_API_KEY, AI_BASE_URL, AI_MODEL } from '$app/env/private';
import type { Model } from './model.ts';
import { offline } from './offline.ts';
import { openAi } from './openai.ts';

/** The model of this deployment: without an address and a key, the one that needs neither. */
export const model: Model =
	AI_BASE_URL || AI_API_KEY ? openAi({ baseUrl: AI_BASE_URL, apiKey: AI_API_KEY, name: AI_MODEL }) : offline;
