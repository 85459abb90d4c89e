import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { arch } from 'node:process'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { readValue, type Unit, wordsOf } from './unit-file.ts'

/** What a process is started with so that the kernel refuses the system calls that its unit does not allow. */
export interface SyscallFilter {
  /** The words before the command. */
  readonly command: readonly string[]
}

/** The names that the kernel gives to a processor in a filter. */
const ARCHITECTURES: Readonly<Record<string, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 }
const FAMILIES: Readonly<Record<string, number>> = { AF_UNIX: 1, AF_INET: 2, AF_INET6: 10, AF_NETLINK: 16 }

/** Gives itself the filter, and becomes the command. Perl is on every Debian, and can make any system call. */
const LAUNCH = `my ($prctl, $hex, @command) = @ARGV;
my $program = pack('H*', $hex);
my $filter = pack('S x6 P', length($program) / 8, $program);
syscall($prctl + 0, 22, 2, $filter) == 0 or die "seccomp: $!\\n";
exec @command or die "$command[0]: $!\\n";`

/** Reads names from its input and prints each with its number, if this processor has it. */
const NUMBER = `require 'syscall.ph'; while (<STDIN>) { chomp; my $call = "main::SYS_$_"; print "$_ ", &$call(), "\\n" if defined &$call }`

/**
 * Makes the filter of a unit's `SystemCallFilter`, `SystemCallArchitectures` and `RestrictAddressFamilies`, with the sets of the systemd
 * that is installed. Returns the reason when it cannot be made here.
 */
export async function makeSyscallFilter(
  unit: Unit,
  env: Readonly<Record<string, string>>,
): Promise<SyscallFilter | string> {
  const architecture = ARCHITECTURES[arch]
  if (architecture === undefined) return `no filter is known for the processor ${arch}`
  try {
    const sets = readSets(
      (await promisify(execFile)('systemd-analyze', ['--no-pager', 'syscall-filter'], { env })).stdout,
    )
    const names = wordsOf(unit, 'SystemCallFilter').flatMap(word => expand(word, sets))
    const numbers = await findNumbers([...names, 'socket', 'prctl'], env)
    const [socket, prctl] = [numbers.get('socket'), numbers.get('prctl')]
    if (socket === undefined || prctl === undefined) return 'perl does not know the numbers of system calls here'
    const program = assemble({
      architecture,
      allowed: names.flatMap(name => numbers.get(name) ?? []).filter(number => number !== socket),
      socket,
      families: wordsOf(unit, 'RestrictAddressFamilies').flatMap(name => FAMILIES[name] ?? []),
      refusal: constants.errno[readErrno(readValue(unit, 'SystemCallErrorNumber'))],
    })
    return { command: ['perl', '-e', LAUNCH, '--', String(prctl), program.toString('hex')] }
  } catch (error) {
    return `it needs systemd-analyze and perl: ${error instanceof Error ? error.message.split('\n')[0] : error}`
  }
}

function readErrno(name = 'EPERM'): keyof typeof constants.errno {
  return name === 'EACCES' || name === 'ENOSYS' ? name : 'EPERM'
}

/** The sets of system calls by name, as `systemd-analyze syscall-filter` lists them. */
function readSets(listing: string): ReadonlyMap<string, readonly string[]> {
  const sets = new Map<string, string[]>()
  let set: string[] = []
  for (const line of listing.split('\n')) {
    const word = line.trim()
    if (/^@/.test(line)) {
      set = []
      sets.set(word, set)
    } else if (/^\s+[@a-z0-9_-]+$/.test(line)) set.push(word)
  }
  return sets
}

function expand(word: string, sets: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return word.startsWith('@') ? (sets.get(word) ?? []).flatMap(inner => expand(inner, sets)) : [word]
}

async function findNumbers(
  names: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, number>> {
  const perl = execFile('perl', ['-e', NUMBER], { env })
  perl.stdin?.end(`${[...new Set(names)].join('\n')}\n`)
  const [printed] = await Promise.all([perl.stdout ? text(perl.stdout) : '', once(perl, 'close')])
  return new Map(
    printed.split('\n').flatMap(line => {
      const [name = '', number] = line.split(' ')
      return number === undefined ? [] : [[name, Number(number)] as const]
    }),
  )
}

interface FilterParts {
  readonly architecture: number
  readonly allowed: readonly number[]
  readonly socket: number
  readonly families: readonly number[]
  readonly refusal: number
}

/** The codes of the kernel's filter machine: load a word, compare, return. */
const [LOAD, EQUAL, GREATER, AT_LEAST, RETURN] = [0x20, 0x15, 0x25, 0x35, 0x06]
const [ALLOW, REFUSE, KILL] = [0x7fff0000, 0x00050000, 0x80000000]
/** Where the number, the processor and the first argument of a call are. */
const [NUMBER_AT, ARCHITECTURE_AT, ARGUMENT_AT] = [0, 4, 16]

function assemble({ architecture, allowed, socket, families, refusal }: FilterParts): Buffer {
  const refused = REFUSE | constants.errno.EAFNOSUPPORT
  return Buffer.concat([
    step(LOAD, 0, 0, ARCHITECTURE_AT),
    step(EQUAL, 1, 0, architecture),
    step(RETURN, 0, 0, KILL),
    step(LOAD, 0, 0, NUMBER_AT),
    step(EQUAL, 0, families.length * 2 + 2, socket),
    step(LOAD, 0, 0, ARGUMENT_AT),
    ...families.flatMap(family => [step(EQUAL, 0, 1, family), step(RETURN, 0, 0, ALLOW)]),
    step(RETURN, 0, 0, families.length === 0 ? ALLOW : refused),
    ...findRanges(allowed).flatMap(([from, to]) => [
      step(AT_LEAST, 0, 2, from),
      step(GREATER, 1, 0, to),
      step(RETURN, 0, 0, ALLOW),
    ]),
    step(RETURN, 0, 0, REFUSE | refusal),
  ])
}

/** One step: what it does, how many steps it skips when true and when false, and its number. */
function step(code: number, yes: number, no: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(yes, 2)
  bytes.writeUInt8(no, 3)
  bytes.writeUInt32LE(value >>> 0, 4)
  return bytes
}

function findRanges(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}
