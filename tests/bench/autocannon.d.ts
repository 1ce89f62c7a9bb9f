/** The part of autocannon that the bench uses; the package brings no types. */
declare module 'autocannon' {
	type Options = {
		url: string;
		path?: string;
		/** Sent one after the other, and then again. */
		requests?: { headers: Record<string, string> }[];
		headers?: Record<string, string>;
		connections: number;
		/** Requests a second, of all connections together. */
		overallRate?: number;
		/** Seconds. */
		duration: number;
	};
	type Result = {
		duration: number;
		errors: number;
		non2xx: number;
		'2xx': number;
		/** Milliseconds. */
		latency: { p50: number; p99: number };
	};
	export default function autocannon(options: Options): Promise<Result>;
}
