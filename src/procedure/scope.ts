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
  /** The body as JSON. Throws when it is not JSON. */
  json<T = unknown>(): T
}

/** The options of `http`, beside the URL. */
export interface HttpOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Ends the request; the default is 10 s. */
  readonly timeout?: Span
}

/** The output of a command on a service, and how it ended. */
export interface ServiceAnswer {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** The options of `waitFor`, beside the condition. */
export interface WaitOptions {
  /** Gives up; the default is 30 s. */
  readonly timeout?: Span
  /** The time between two tries; the default is 1 s. */
  readonly every?: Span
  /** The condition in words, for the error message. */
  readonly what?: string
}

/**
 * The verbs in scope of every `ts` block, beside all of zx's globals and the page's own `params`, `target` and `steps`. `StepId` are the
 * steps that may be suggested. `ServiceName` and `SecretName` are the names that the environments declare.
 */
export interface Verbs<
  StepId extends string = string,
  ServiceName extends string = string,
  SecretName extends string = string,
> {
  /**
   * Fails the step with a readable difference when a value is not what it should be.
   * @example
   * ```ts
   * const { status, body } = await http(`${target.url}/livez`)
   * expect(status).toBe(200)
   * expect(JSON.parse(body)).toMatchObject({ status: 'pass' })
   * ```
   * @example
   * ```bash
   * [ "$(curl --silent --output /dev/null --write-out '%{http_code}' "$TARGET_URL/livez")" = 200 ]
   * ```
   */
  readonly expect: Expect
  /**
   * Points to a step of Mitigate, and says why.
   * @example
   * ```ts
   * suggest('mend', 'the volume is 97 % full')
   * ```
   * @example
   * ```bash
   * hb suggest mend "the volume is 97 % full"
   * ```
   */
  suggest(step: StepId, why: string): void
  /**
   * Ends the step: it rules its cause out, and says why.
   * @example
   * ```ts
   * const free = Number((await $`df --output=avail ${target.storagePath}`).stdout.split('\n')[1])
   * if (free > 1e6) ruleOut(`${free} kB are free`)
   * ```
   * @example
   * ```bash
   * free=$(df --output=avail "$TARGET_STORAGE_PATH" | tail -n 1)
   * if [ "$free" -gt 1000000 ]; then hb rule-out "$free kB are free"; fi
   * ```
   */
  ruleOut(why: string): never
  /**
   * Ends the step without a result, and says why.
   * @example
   * ```ts
   * if (!target.prometheusUrl) skip('there is no Prometheus here')
   * ```
   * @example
   * ```bash
   * if ! command -v iostat > /dev/null; then hb skip "there is no iostat here"; fi
   * ```
   */
  skip(why: string): never
  /**
   * Keeps a value, or a copy of a file, with the run.
   * @example
   * ```ts
   * await evidence('samples', await prom('up'))
   * await evidence('configuration.yaml', { file: target.configPath })
   * ```
   * @example
   * ```bash
   * ports=$(mktemp)
   * ss --tcp --listening > "$ports"
   * hb evidence ports.txt "$ports"
   * ```
   */
  evidence(name: string, what: unknown | { readonly file: string }): Promise<void>
  /**
   * Tries again and again until the condition gives something true, and returns it. Fails the step when the time is up.
   * @example
   * ```ts
   * const ready = async () => (await http(`${target.url}/readyz`)).status === 200
   * await waitFor(ready, { timeout: '2m', every: '1s', what: 'the API to be ready' })
   * ```
   * @example
   * ```bash
   * for _ in {1..120}; do
   *   if curl --silent --fail "$TARGET_URL/readyz"; then exit 0; fi
   *   sleep 1
   * done
   * exit 1
   * ```
   */
  waitFor<T>(condition: () => T | Promise<T>, options?: WaitOptions): Promise<NonNullable<T>>
  /**
   * Fails the step unless this machine is one of the environment's hosts, or the one named.
   * @example
   * ```ts
   * assertHost()
   * assertHost('web-1')
   * ```
   * @example
   * ```bash
   * if [ "$(hostname)" != web-1 ]; then exit 1; fi
   * ```
   */
  assertHost(host?: string): void
  /**
   * Starts, stops, restarts or asks a service, or lets it read its configuration again. The environment defines the command for each. Fails
   * when the command fails.
   * @example
   * ```ts
   * await service('api', 'restart')
   * const { stdout } = await service('api', 'logs')
   * ```
   * @example
   * ```bash
   * hb service api restart
   * hb service api logs | tail -n 20
   * ```
   */
  service(
    name: ServiceName,
    action: 'start' | 'stop' | 'restart' | 'reload' | 'status' | 'logs',
  ): Promise<ServiceAnswer>
  /**
   * Silences alerts by their names, for at most as long as the step says with `temporary silences=`. It ends with the step that undoes this
   * one, with the run, and after this time by itself. Fails for an alert that Prometheus does not know.
   * @example
   * ```ts
   * await silence('QueueSlow', '10m', 'the queue is moved')
   * ```
   * @example
   * ```bash
   * hb silence --alert QueueSlow,QueueStuck --for 10m "the queue is moved"
   * ```
   */
  silence(alerts: string | readonly string[], span: Span, why: string): Promise<void>
  /**
   * Asks the environment's Prometheus for an instant vector.
   * @example
   * ```ts
   * const [sample] = await prom('sum(rate(http_requests_total[5m]))')
   * return { perSecond: sample?.value ?? 0 }
   * ```
   */
  prom(query: string): Promise<readonly PromSample[]>
  /**
   * Sends a request to a URL. Any status is an answer; no answer fails the step.
   * @example
   * ```ts
   * const answer = await http(`${target.url}/orders`, { method: 'POST', body: '', timeout: '2s' })
   * expect(answer.status).toBe(415)
   * ```
   * @example
   * ```bash
   * curl --silent --max-time 2 --request POST "$TARGET_URL/orders"
   * ```
   */
  http(url: string, options?: HttpOptions): Promise<HttpAnswer>
  /**
   * A secret of the environment that steps of this risk may have.
   * @example
   * ```ts
   * const headers = { authorization: `Bearer ${secret('apiToken')}` }
   * await http(`${target.url}/orders`, { headers })
   * ```
   * @example
   * ```bash
   * curl --silent --header "Authorization: Bearer $API_TOKEN" "$TARGET_URL/orders"
   * ```
   */
  secret(name: SecretName): string
}
