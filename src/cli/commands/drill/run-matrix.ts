import { drawMatrix, type MatrixListener } from '../../../drill/index.ts'
import { isRowSound } from '../../../journal/index.ts'
import { demandHandbook, UsageError } from '../../../operate/index.ts'
import { createMatrixReporter, matrixFormats } from '../../../report/index.ts'
import { chooseFormat } from '../../choose-format.ts'
import { heedSignals } from '../../heed-signals.ts'
import { createPorts } from '../../ports.ts'
import { complain, print } from '../../print.ts'
import { explainOldLab } from '../lab/lab-command.ts'
import { readProfile } from '../lab/profile.ts'
import { readShard, readTimeScale } from './read-options.ts'
import { showStage } from './show-stage.ts'

/** The options of `handbook drill`. */
type DrillArgs = Readonly<
  Partial<
    Record<'id' | 'shard' | 'profile' | 'format' | 'proofs' | 'times' | 'intensity' | 'seed', string | undefined>
  > &
    Partial<Record<'all' | 'json' | 'changed' | 'without-prometheus', boolean | undefined>> & { 'time-scale': string }
>

/** `handbook drill --matrix`: what every runbook makes of each fault, as far as it only reads. Returns the exit code. */
export async function runMatrix(args: DrillArgs): Promise<number> {
  const format = chooseFormat(args, matrixFormats, 'text')
  const given = (['changed', 'times', 'intensity', 'seed', 'proofs', 'without-prometheus'] as const).find(
    name => args[name],
  )
  if (given !== undefined)
    throw new UsageError(`--matrix proves nothing, so there is no --${given}`, 'Leave one of them out')
  const handbook = await demandHandbook(process.cwd())
  const timeScale = readTimeScale(args['time-scale'])
  const profile = await readProfile(args.profile, handbook)
  const { signal, begin } = heedSignals()
  begin()
  const reporter = createMatrixReporter(format === 'text' ? print : complain, Date.now, process.stdout.columns)
  const listener: MatrixListener = { ...reporter, progress: progress => showStage(progress, reporter.stage) }
  const options = {
    handbook,
    name: args.id,
    all: args.all === true || args.id === undefined,
    timeScale,
    ...profile,
    ...(args.shard === undefined ? {} : { shard: readShard(args.shard) }),
  }
  return explainOldLab(async () => {
    const rows = await drawMatrix(options, createPorts(signal), listener)
    process.stdout.write(matrixFormats[format](rows))
    if (signal.aborted) return 130
    return rows.every(isRowSound) ? 0 : 1
  }).catch(error => {
    if (signal.aborted) return 130
    throw error
  })
}
