import { expect, test } from 'vitest'
import { findAddresses, nameAddress } from '../../../src/execute/network/addresses.ts'

test.each([
  ['http://staging', ['staging:80']],
  ['https://API.example/uploads?to=http%3A%2F%2Fother', ['api.example:443']],
  ['http://127.0.0.1:9090/', ['127.0.0.1:9090']],
  ['http://[::1]:9090', ['[::1]:9090']],
  ['postgres://reader:a%40b@db-1.example/uploads', ['db-1.example:5432']],
  ['postgresql://reader:pw@db-1:5433,db-2:5434/uploads', ['db-1:5433', 'db-2:5434']],
  ['s3:https://bucket.example/backups', ['bucket.example:443']],
  ['redis-1:6379', ['redis-1:6379']],
  ['[fd00::2]:6379', ['[fd00::2]:6379']],
  ['postgresql+psycopg://reader@db-1/uploads', ['db-1:5432']],
  ['postgres://reader:a@b,c:d@db-1/uploads', ['db-1:5432']],
  ['http://one:9090,https://two,http://[fd00::2]:3/x?a=http%3A', ['one:9090', 'two:443', '[fd00::2]:3']],
  ['http://one:9090, http://two:9090', ['one:9090', 'two:9090']],
  ['kafka-1:9092,kafka-2:9092', ['kafka-1:9092', 'kafka-2:9092']],
  ['HTTP://API.Example.:8080/', ['api.example:8080']],
  ['http://[FD00:0::2]:80', ['[fd00::2]:80']],
  ['constructor+x://staging', []],
  ['at 10:30, see db-1:5432', []],
  ['db-1:5432,', []],
  ['http://[::1:80', []],
  ['http://[12]:80', []],
  ['postgres:///uploads?host=/run/postgresql', []],
  ['postgres://%2Frun%2Fpostgresql/uploads', []],
  ['file:///srv/backups', []],
  ['gopher://old.example', []],
  ['/srv/uploads', []],
  ['10:30', []],
  ['db-1:0', []],
  ['db-1:70000', []],
  ['db-1', []],
  ['', []],
])('%j names %j', (text, named) => {
  expect(findAddresses([text]).map(nameAddress)).toEqual(named)
})

test('what is named twice is there once', () => {
  const texts = ['http://one:80/a', 'http://one/b', 'one:81', 'http://[::1]', 'http://[0:0:0:0:0:0:0:1]']
  expect(findAddresses(texts)).toEqual([
    { host: 'one', port: 80 },
    { host: 'one', port: 81 },
    { host: '::1', port: 80 },
  ])
})
