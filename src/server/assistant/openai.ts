import type OpenAI from 'openai';
import { log } from '../log.ts';
import { ModelFailure, type Model, type Options, type Usage } from './model.ts';

/** Milliseconds that an answer may take in all; calls that are lost are settled after minutes. */
const TIME_LIMIT = 60_000;

/** Characters that a token stands for at the most, roughly: whoever writes more does not heed the limit. */
const CHARACTERS_PER_TOKEN = 16;

const OPENAI = 'https://api.openai.com/v1';

export type Api = { baseUrl: string | undefined; apiKey: string | undefined; name: string };

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function usageOf(told: OpenAI.CompletionUsage | null | undefined): Usage | null {
	const { prompt_tokens: input, completion_tokens: output } = told ?? {};
	return isCount(input) && isCount(output) ? { input, output } : null;
}

/** Codes of connections that were never made, so that nothing was asked. */
const UNREACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** The code of an error or of what caused it. */
function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return '';
	return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause);
}

/** A status is a refusal. A provider's own words stay out of the log, too: they repeat keys and prompts. */
function failure(error: unknown): ModelFailure {
	const { status, requestID } = error as { status?: number; requestID?: string };
	const code = codeOf(error);
	log.error({ status, code, requestID, name: error instanceof Error ? error.name : undefined }, 'model failed');
	return new ModelFailure(status !== undefined || UNREACHED.test(code), error);
}

async function connect({ baseUrl = OPENAI, apiKey = 'none' }: Api): Promise<OpenAI> {
	const { default: OpenAI } = await import('openai');
	return new OpenAI({
		baseURL: baseUrl,
		apiKey,
		organization: null,
		project: null,
		// A call that is tried again could be charged twice.
		maxRetries: 0,
		// Notes go to whom the configuration names, not where that one points.
		fetchOptions: { redirect: 'manual' },
		logLevel: 'off'
	});
}

type Request = OpenAI.ChatCompletionCreateParamsNonStreaming;

async function ask({ chat }: OpenAI, request: Request, { most, say }: Options, signal: AbortSignal) {
	const longest = most * CHARACTERS_PER_TOKEN;
	if (!say) {
		const { choices, usage } = await chat.completions.create(request, { signal });
		return { text: (choices[0]?.message.content ?? '').slice(0, longest), usage: usageOf(usage) };
	}
	const streaming = { ...request, stream: true as const, stream_options: { include_usage: true } };
	let [text, usage]: [string, Usage | null] = ['', null];
	for await (const chunk of await chat.completions.create(streaming, { signal })) {
		usage = usageOf(chunk.usage) ?? usage;
		const piece = chunk.choices[0]?.delta.content ?? '';
		if (piece) say(piece);
		text += piece;
		if (text.length > longest) throw new Error('The answer does not end.');
	}
	// The client ends its stream without a word when it is told to stop.
	signal.throwIfAborted();
	return { text, usage };
}

/** Any endpoint that speaks OpenAI's chat completions, through the official client. */
export function openAi(api: Api): Model {
	const { baseUrl = OPENAI, name } = api;
	// OpenAI's newest models take the one name, and other servers know the other alone.
	const limit = baseUrl.startsWith(OPENAI) ? 'max_completion_tokens' : 'max_tokens';
	let client: Promise<OpenAI> | undefined;
	return {
		name,
		async write({ task, text }, options) {
			const messages: Request['messages'] = [
				{ role: 'system', content: task },
				{ role: 'user', content: text }
			];
			const request = { model: name, messages, [limit]: options.most };
			const { signal } = options;
			try {
				client ??= connect(api);
				return await ask(await client, request, options, AbortSignal.any([signal, AbortSignal.timeout(TIME_LIMIT)]));
			} catch (error) {
				throw signal.aborted ? new ModelFailure(false, error) : failure(error);
			}
		}
	};
}
