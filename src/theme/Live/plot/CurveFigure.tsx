import { type ReactNode, useId } from 'react'
import type { PlotCurve } from '../../../wire/index.ts'
import { drawLine, findZone, HEIGHT, nameSeries, sayCurve, sayLimit, sayNumber, scaleCurve } from './judge-curve.ts'
import styles from './Plot.module.css'

/** As many series have a line of their own below the drawing. */
const NAMED = 2

/** One value that an alert looks at, as lines, with its limits. */
export function CurveFigure({ curve }: { readonly curve: PlotCurve }): ReactNode {
  const { expression, limits, series, more } = curve
  const scale = scaleCurve(curve)
  const id = useId()
  const width = (series[0]?.values.length ?? 2) - 1
  const hidden = series.length + more - NAMED
  return (
    <figure className={styles.curve} aria-labelledby={id}>
      <figcaption id={id} className={styles.name} title={expression}>
        <code>{expression}</code>
      </figcaption>
      {scale ? (
        <div className={styles.drawing}>
          <p className={styles.edges} aria-hidden="true">
            <span>{sayNumber(scale.high)}</span>
            <span>{sayNumber(scale.low)}</span>
          </p>
          <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={sayCurve(curve)}>
            {limits.map(({ operator, expression, values }) => {
              const zone = findZone(operator, values, scale)
              return zone && <rect key={`${operator} ${expression}`} className={styles.zone} width={width} {...zone} />
            })}
            {series
              .map(({ labels, values }, at) => (
                <path
                  key={JSON.stringify(labels)}
                  className={styles.line}
                  data-first={at === 0}
                  d={drawLine(values, scale)}
                />
              ))
              .toReversed()}
            {limits.map(limit => (
              <path key={sayLimit(limit)} className={styles.limit} d={drawLine(limit.values, scale)} />
            ))}
          </svg>
        </div>
      ) : (
        <p className={styles.nothing}>No data</p>
      )}
      <p className={styles.says}>{sayCurve(curve)}</p>
      {series.length > 0 && (
        <ul className={styles.series}>
          {series.slice(0, NAMED).map(({ labels, values }) => (
            <li key={JSON.stringify(labels)}>
              {nameSeries(labels, series)} <b>{sayLast(values)}</b>
            </li>
          ))}
          {hidden > 0 && (
            <li>
              {hidden} more{more > 0 && `, ${more} of them not drawn`}
            </li>
          )}
        </ul>
      )}
    </figure>
  )
}

function sayLast(values: PlotCurve['series'][number]['values']): string {
  const last = values.at(-1) ?? null
  return last === null ? 'no value now' : sayNumber(last)
}
