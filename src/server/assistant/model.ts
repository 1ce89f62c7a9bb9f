/** What a model is told to do, and with what: text that others wrote, and that is no instruction. */
export type Prompt = { task: string; text: string };

/** Tokens that a model read and wrote. */
export type Usage = { input: number; output: number };

export type Options = {
	/** Aborted when nobody waits any more. */
	signal: AbortSignal;
	/** Is told each piece as it is written; without it, the answer comes at once. */
	say?: (piece: string) => void;
	/** Tokens that the answer may have at the most. */
	most: number;
};

export type Model = {
	name: string;
	/**
	 * Writes an answer; its usage is null where nobody told it.
	 * @throws {ModelFailure}
	 */
	write(prompt: Prompt, options: Options): Promise<{ text: string; usage: Usage | null }>;
};

/** No answer, or half of one. Whether the provider charges for it is known only where it refused the call. */
export class ModelFailure extends Error {
	readonly isFree: boolean;
	constructor(isFree: boolean, cause?: unknown) {
		super('The model failed.', { cause });
		this.name = 'ModelFailure';
		this.isFree = isFree;
	}
}

/** Tokens by which a provider frames messages; more than any that is known. */
const FRAME = 64;

/** Tokens that a prompt comes to at the most: no tokenizer makes more than one of a byte. */
export const boundOf = ({ task, text }: Prompt): number => Buffer.byteLength(task) + Buffer.byteLength(text) + FRAME;
