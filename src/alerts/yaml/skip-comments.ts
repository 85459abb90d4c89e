import { type Cursor, isBlank, isBreak, isBreakOrEnd } from './cursor.ts'

/** Comments that follow each other are skipped as one, whatever white space is between them. */
export function skipComments(cursor: Cursor): void {
  for (;;) {
    cursor.takeWhile(character => !isBreakOrEnd(character))
    let ahead = 0
    while (ahead < 512 && (isBlank(cursor.peek(ahead)) || isBreak(cursor.peek(ahead)))) ahead += 1
    if (ahead >= 512 || cursor.peek(ahead) !== '#') return
    while (cursor.peek() !== '#') if (cursor.takeBreak() === '') cursor.take()
  }
}

/** Skips a comment behind a token, on its line. */
export function skipLineComment(cursor: Cursor): void {
  if (cursor.newlines > 0) return
  let ahead = 0
  while (ahead < 512 && isBlank(cursor.peek(ahead))) ahead += 1
  if (ahead < 512 && cursor.peek(ahead) === '#') cursor.takeWhile(character => !isBreakOrEnd(character))
}
