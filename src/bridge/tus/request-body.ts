import type { IncomingMessage } from 'node:http'
import { ReadableStream } from 'node:stream/web'

const pieceSize = 256 * 1024
const mostWaiting = 4 * pieceSize
/** Milliseconds for which bytes that arrived wait for more. */
const patience = 5

/**
 * The body of a request in large pieces. A proxy that streams passes 16 kB on at a time, and the streams of the tus server ask as much of a
 * small piece as of a large one.
 */
export function readInPieces(request: IncomingMessage): ReadableStream<Uint8Array> {
  const waiting: Uint8Array[] = []
  let size = 0
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const pass = () => {
          clearTimeout(timer)
          timer = undefined
          if (isOver || size === 0) return
          controller.enqueue(Buffer.concat(waiting.splice(0), size))
          size = 0
          if ((controller.desiredSize ?? 0) <= 0) request.pause()
        }
        const end = (how: () => void) => {
          pass()
          if (!isOver) how()
          isOver = true
        }
        request.on('data', (chunk: Uint8Array) => {
          waiting.push(chunk)
          size += chunk.byteLength
          if (size >= pieceSize) pass()
          else timer ??= setTimeout(pass, patience)
        })
        request.once('end', () => end(() => controller.close()))
        request.once('error', error => end(() => controller.error(error)))
        request.once('close', () => end(() => controller.error(new Error('the request ended too early'))))
      },
      pull: () => void request.resume(),
      cancel() {
        isOver = true
        clearTimeout(timer)
      },
    },
    { highWaterMark: mostWaiting, size: piece => piece?.byteLength ?? 0 },
  )
}
