/** A variable that a bash block reads. */
export interface Reference {
  readonly name: string
  /** Offset in the code at which the name begins. */
  readonly offset: number
  /** Whether it may be unset: `${NAME:-default}`, `${NAME+x}`. */
  readonly guarded: boolean
}

/** A word of a command; its text is known only when nothing in it is expanded. */
export interface Word {
  readonly text: string | undefined
  readonly offset: number
}

/** What can be said of a bash script without running it. */
export interface ShellFacts {
  readonly references: readonly Reference[]
  /** Simple commands, also those in substitutions, as their words; keywords such as `if` are left out. */
  readonly commands: readonly (readonly Word[])[]
  /** Names that arithmetic and `${NAME:=…}` give a value. */
  readonly assigned: ReadonlySet<string>
}
