import type { Risk } from '../base/index.ts'

/** What can be done to a service of an environment. */
export type ServiceAction = 'start' | 'stop' | 'restart' | 'reload' | 'status' | 'logs'

/** A fact of a target: its URL, a path on it, a port. */
export type Fact = string | number | boolean

/** The shell command for each thing that can be done to a service. */
export type ServiceCommands = Partial<Readonly<Record<ServiceAction, string>>>

/** The source of a secret (one of the four), and the steps that may have it. */
export interface SecretSource {
  readonly env?: string
  readonly file?: string
  readonly command?: string
  /** The shell command that issues it for one step: it is not there before, and not afterwards. */
  readonly issue?: string
  /** How long what was issued is valid, as a duration. */
  readonly lifetime?: string
  /** `read`: every step gets it. `change`: only steps that change something. */
  readonly for: 'read' | 'change'
}

/** A finding of a routine that somebody knows of and works on: until that day it does not fail the routine. */
export interface Acknowledgement {
  /** The routine, by its id. */
  readonly page: string
  /** The step that finds it. */
  readonly step: string
  /** The last day, as an ISO date. */
  readonly until: string
  /** Who works on it: an owner of the handbook. */
  readonly owner: string
  readonly reason: string
}

/** A place where procedures run: the facts of its target, and what is allowed there. */
export interface Environment {
  readonly name: string
  /** Which deployment it is now, where several come after each other under one name: a lab's id. */
  readonly deployment?: string
  /** How a practice deployment was made, by the name that its lab gives. */
  readonly profile?: string
  /** Set when it was made worse on purpose: the mutations of the deployment that are in effect, and all that are not made, with the reason. */
  readonly reconstruction?: { readonly made: readonly string[]; readonly leftOut: Readonly<Record<string, string>> }
  /** How far `--auto` may go here. */
  readonly auto: Risk
  /** Whether a `danger` step needs the approval of another person than the operator. */
  readonly protected: boolean
  /** Who may approve, by name: SSH public keys, each as a line of `authorized_keys`. */
  readonly approvers: Readonly<Record<string, readonly string[]>>
  /** Whether several people use the account that runs are started under. */
  readonly sharedAccount?: boolean
  /** The roles of people here: their user names by the role's name. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
  /** Dangerous steps that people of a role may run without another approval, up to so many things. */
  readonly approvedBeforehand?: readonly {
    readonly page: string
    readonly step: string
    readonly role: string
    readonly max: number
  }[]
  /** How long an approval is valid, as a duration; without it, an hour. */
  readonly approvalValidFor?: string
  readonly target: Readonly<Record<string, Fact>>
  readonly services: Readonly<Record<string, ServiceCommands>>
  /** Folders put before the steps' `PATH`. */
  readonly path: readonly string[]
  /** Variables that every step gets. */
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, SecretSource>>
  /** The words before a command that run it where the deployment is: steps run behind them. */
  readonly within?: readonly string[]
  /** In a practice deployment, the file of a private key with which unattended runs approve dangers, as a second person would. */
  readonly secondPersonKey?: string
  /** `terminal`: what changes it runs in a person's terminal, and is answered there. */
  readonly changes?: 'terminal'
  readonly prometheusUrl?: string
  readonly alertmanagerUrl?: string
  readonly deadMansSwitch?: DeadMansSwitch
  /** What its routines find, and somebody works on. */
  readonly acknowledged: readonly Acknowledgement[]
  /** What is told that an approval is awaited: a shell command, a URL that takes JSON, or both. */
  readonly notify?: { readonly command?: string; readonly webhook?: string }
  /** The names of the handbook's other environments that may be changed from this machine. */
  readonly others?: readonly string[]
  /** The hosts that `assertHost` accepts; none means any. */
  readonly hosts: readonly string[]
  /** The folder in which all who act on it lock what they change; without it, runs of other checkouts are not excluded. */
  readonly lock?: string
  /** Whether everybody who may read a run may read its evidence. */
  readonly shareEvidence?: boolean
}

/** What waits for an alert that always fires, and notices when it does not arrive any more. */
export interface DeadMansSwitch {
  readonly alert: string
  /** It answers 2xx while the alert arrives, and 503 when it stopped. */
  readonly url: string
}

/** An environment with only a name. Steps run there like a script, up to `change` without a question. */
export function bareEnvironment(name: string): Environment {
  return {
    name,
    auto: 'change',
    protected: false,
    approvers: {},
    target: {},
    services: {},
    path: [],
    variables: {},
    secrets: {},
    acknowledged: [],
    hosts: [],
  }
}
