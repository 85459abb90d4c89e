import * as z from 'zod/mini'
import { documentKey } from '../base/index.ts'

const text = () => z.optional(z.string())
const shellCommand = () => z.string().check(z.minLength(1))
const labCommands = z.strictObject({
  up: documentKey('Starts the lab and returns when the lab is ready, or stays and prints the status', shellCommand()),
  down: documentKey('Ends the lab, or clears away what a killed lab left', shellCommand()),
  status: documentKey(
    'Prints the status of the lab as JSON; `{"state": "down"}` or nothing when the lab is down',
    shellCommand(),
  ),
  break: documentKey('Starts the fault in its last argument, and returns when the fault is in effect', shellCommand()),
  heal: documentKey('Undoes the fault in its last argument; without an argument, all faults', shellCommand()),
})
/** The practice deployment, as `handbook.yaml` describes it. */
export const lab = z
  .strictObject({
    module: documentKey(
      'The JavaScript module that exports the lab as `lab`: a path relative to this file, or the name of a package',
      text(),
    ),
    commands: documentKey('The shell commands of the lab, run in the folder of this file', z.optional(labCommands)),
    name: documentKey('The name of the deployment that the commands start', text()),
    faults: documentKey(
      'The faults that the commands can start: name to title; without this list, any name is tried',
      z.optional(z.record(z.string(), z.string())),
    ),
  })
  .check(
    z.refine(
      ({ module, commands }) => (module === undefined) !== (commands === undefined),
      'expected either module or commands',
    ),
    z.refine(
      ({ module, name, faults }) => module === undefined || (name === undefined && faults === undefined),
      'expected name and faults beside commands only: a module says them itself',
    ),
  )
