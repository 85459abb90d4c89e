import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../base/index.ts'

/** Programs that only work on what they are given: they are the real ones. */
export const REAL = `bash sh env cat cut awk sed grep egrep head tail tr wc sort uniq date printf echo true false test [
  basename dirname mktemp seq tee xargs jq expr paste comm diff cmp sha256sum base64 od perl curl timeout mkfifo id
  uname hostname rm cp mv ln mkdir rmdir touch chmod readlink realpath cksum md5sum split fold rev tac nl numfmt printenv`.split(
  /\s+/,
)

/** Puts them into a folder, as they are found in `path`, with a `sleep` that is short: nobody waits longer because a block does. */
export function linkReal(folder: string, path: string | undefined): void {
  for (const name of REAL) {
    const real = findProgram([name], path)
    if (real !== undefined) symlinkSync(real, join(folder, name))
  }
  const sleep = findProgram(['sleep'], path) ?? 'sleep'
  writeFileSync(join(folder, 'sleep'), `#!/bin/sh\nexec '${sleep}' 0.02\n`, { mode: 0o755 })
}
