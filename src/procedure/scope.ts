import type { Expect } from 'expect'

/** How long a wait lasts: milliseconds, or a duration such as `30s`. */
export type Span = number | string

/** One sample of a Prometheus vector. */
export interface PromSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** An HTTP answer, read to its end. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body as JSON. Throws when it is not. */
  json<T = unknown>(): T
}

/** What `http` takes beside the URL. */
export interface HttpOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Ends the request; 10 s when not said. */
  readonly timeout?: Span
}

/** What a command on a service printed, and how it ended. */
export interface ServiceAnswer {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** What `waitFor` takes beside the condition. */
export interface WaitOptions {
  /** Gives up; 30 s when not said. */
  readonly timeout?: Span
  /** Between two looks; 1 s when not said. */
  readonly every?: Span
  /** What is waited for, in words, for the error when it never comes. */
  readonly what?: string
}

/**
 * The verbs in scope of every `ts` block, beside all of zx's globals and the page's own `params`, `target` and `steps`.
 * `StepId` are the steps that may be suggested, `ServiceName` and `SecretName` what the environments declare.
 */
export interface Verbs<
  StepId extends string = string,
  ServiceName extends string = string,
  SecretName extends string = string,
> {
  /** Fails the step with a readable difference when a value is not what it should be. */
  readonly expect: Expect
  /** Points to a step of Mitigate, and says why. */
  suggest(step: StepId, why: string): void
  /** Ends the step: this cause is not the one, and why. */
  ruleOut(why: string): never
  /** Ends the step without a result, and says why. */
  skip(why: string): never
  /** Keeps a value, or a copy of a file, with the run. */
  evidence(name: string, what: unknown | { readonly file: string }): Promise<void>
  /** Looks again and again until the condition gives something true, and returns it. Fails the step when the time is up. */
  waitFor<T>(condition: () => T | Promise<T>, options?: WaitOptions): Promise<NonNullable<T>>
  /** Fails the step unless this machine is one of the environment's hosts, or the one named. */
  assertHost(host?: string): void
  /** Starts, stops, restarts or asks a service; what that means is the environment's to say. Fails when the command does. */
  service(name: ServiceName, action: 'start' | 'stop' | 'restart' | 'status' | 'logs'): Promise<ServiceAnswer>
  /** Asks the environment's Prometheus for an instant vector. */
  prom(query: string): Promise<readonly PromSample[]>
  /** Asks a URL; any status is an answer, no answer fails the step. */
  http(url: string, options?: HttpOptions): Promise<HttpAnswer>
  /** A secret of the environment that steps of this risk may have. */
  secret(name: SecretName): string
}
