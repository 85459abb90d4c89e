import type { ServiceCommands } from '../environments/index.ts'
import type { Json, LeftProcess, MadeSilence, StepError } from '../journal/index.ts'
import type { Language, Place } from '../procedure/index.ts'

/** A block to run, with everything that it may see. */
export interface BlockRequest {
  readonly step: string
  readonly language: Language
  readonly code: string
  /** The page's path, for messages. */
  readonly file: string
  /** Where each line of the code stands in the page. */
  readonly lines: readonly Place[]
  readonly cwd: string
  /** The whole environment of the block's processes. */
  readonly variables: Readonly<Record<string, string>>
  readonly params: Readonly<Record<string, Json>>
  readonly target: Readonly<Record<string, Json>>
  /** Values of the steps that gave one. */
  readonly values: Readonly<Record<string, Json>>
  /** Every step id of the page. */
  readonly steps: readonly string[]
  /** The steps that may be suggested. */
  readonly suggestable: readonly string[]
  readonly services: Readonly<Record<string, ServiceCommands>>
  readonly hosts: readonly string[]
  readonly secrets: Readonly<Record<string, string>>
  readonly prometheusUrl?: string
  /** What it may silence; or why it may not. */
  readonly silencing: SilencingPermit
  /** Whether the block may change anything: start, stop and restart services. */
  readonly mayChange: boolean
  /** Whether what it starts may go on once it has ended. */
  readonly mayLeave: boolean
  /** What marks the processes of a service that the block starts: these may go on. The executor makes it, and no block is told. */
  readonly serviceMark?: string
  /** Where the block hands things over. */
  readonly place: BlockPlace
  /** Where its evidence arrives, on this machine. It is there before the listener hears of it. */
  readonly evidenceFolder: string
}

/** Where a block may silence alerts, for how long, as whom, and the end of each comment; or why it may not. */
export type SilencingPermit =
  | {
      readonly alertmanagerUrl: string
      readonly prometheusUrl?: string
      /** Milliseconds. */
      readonly atMost: number
      readonly by: string
      readonly mark: string
    }
  | { readonly refused: string }

/** A place for what one block hands over, wherever blocks run. Only the executor that opened it knows what is there. */
export interface BlockPlace {
  readonly folder: string
}

/** Runs blocks somewhere as some account, one after the other. Each is watched, so that nothing of it goes on unseen. */
export interface Executor {
  /** Starts, ahead of time, the process that runs the next block of a language: of ts, unless another is named. */
  warm(language?: BlockRequest['language']): void
  /** Opens a new, empty place for one block below what a run has for such things. Throws when there is no room for it. */
  open(scratch: string, name: string): BlockPlace
  /** Runs a block, and fetches its evidence. A program that dies is a failed block. Rejects only where nothing can be written. */
  run(request: BlockRequest, listener: BlockListener): Promise<BlockResult>
  /**
   * Ends a running block and everything it started, but not what earlier blocks left running on purpose. They get half a second to end
   * by themselves, or less when `hurry` aborts.
   */
  end(hurry?: AbortSignal): Promise<void>
  /** Lets go; what blocks left running on purpose goes on. */
  close(): Promise<void>
}

/** What a block tells the runner. */
export type Report =
  | { readonly type: 'suggested'; readonly step: string; readonly why: string }
  | {
      readonly type: 'evidence'
      readonly name: string
      readonly file?: string
      readonly value?: Json
      /** Why its copy was not kept. */
      readonly problem?: string
    }
  | { readonly type: 'silenced'; readonly silence: MadeSilence }

/** What a ts block tells the runner, a line of JSON each. Once it has finished, its process runs no more code of it. */
export type BlockReport =
  | Report
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** `again`: its process can run one more block, where it was started for several. */
  | { readonly type: 'finished'; readonly result: BlockResult; readonly again?: true }

/** How a block ended. */
export type BlockResult = BlockEnd & { readonly left?: readonly LeftProcess[] }

type BlockEnd =
  | { readonly status: 'passed'; readonly value?: Json }
  | { readonly status: 'failed'; readonly error: StepError }
  | { readonly status: 'ruled-out' | 'skipped'; readonly reason: string; readonly value?: Json }
  /** It reads a value that is not there; `begun` says whether anything had run by then. */
  | { readonly status: 'blocked'; readonly reason: string; readonly begun: boolean }

/** What a running block is heard saying. */
export interface BlockListener {
  /** The process that watches over the block's own. */
  onSupervised?(pid: number): void
  onOutput(stream: 'stdout' | 'stderr', text: string): void
  onReport(report: Report): void
}
