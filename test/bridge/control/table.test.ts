import { expect, it } from 'vitest'
import { renderTable, type TableColumn } from '../../../src/bridge/control/table.ts'

interface Row {
  readonly id: string
  readonly n: number
  readonly name: string
}

const columns: readonly TableColumn<Row>[] = [
  { title: 'ID', value: row => row.id },
  { title: 'N', value: row => `${row.n}`, alignRight: true },
  { title: 'NAME', value: row => row.name, flexible: true },
]
const rows = [
  { id: 'a', n: 1, name: 'short' },
  { id: 'bb', n: 1000, name: 'a name that is rather long' },
]

it('aligns columns and shortens the flexible one to the width', () => {
  expect(renderTable(columns, rows, 80)).toBe('ID     N  NAME\na      1  short\nbb  1000  a name that is rather long\n')
  expect(renderTable(columns, rows, 20)).toBe('ID     N  NAME\na      1  short\nbb  1000  a name th…\n')
})

it('shows the titles of an empty table', () => expect(renderTable(columns, [], 80)).toBe('ID  N  NAME\n'))
