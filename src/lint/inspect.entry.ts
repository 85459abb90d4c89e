import { parentPort, workerData } from 'node:worker_threads'
import { inspectPages } from './inspect-pages.ts'

/** A thread that inspects some of a handbook's pages and sends the result back. */
inspectPages(workerData.sources, workerData.facts).then(found => parentPort?.postMessage(found))
