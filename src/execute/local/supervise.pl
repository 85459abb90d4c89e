# Stands between the runner and one program of a step. Whatever the program starts stays below this process (a child subreaper),
# so it can be found and ended, also when the program or the runner is killed.
# There are two processes: the guard, which the runner starts, and its child, the supervisor, which does the work. Each hears by a
# pipe that the other one is gone, and then ends everything but what is spared.
#   perl -w supervise.pl PRCTL REPORTS [COMMAND…]
# PRCTL is the number of the system call prctl, 0 where there is none. REPORTS is 1 when the program also writes to the file
# descriptor in $HB_REPORTS. Without a COMMAND it waits to be told one, and then the next. No modules are loaded: that is slow.
# stdout, to the runner: frames, "KIND LENGTH\n" and as many bytes. o: stdout, e: stderr, r: reports (each after all output that was
#   written before it), x: the program's end, as waitpid's status, l: the numbers of what was looked for, d: a word was obeyed,
#   g: the guard was killed, and everything is ended.
# stdin, from the runner: a word a line. Its end means that the runner is gone, so everything is ended.
#   run N     runs a program; N bytes follow: folder, number of words, words, environment as names and values; NUL between all
#   look      tells what runs now, except the program, what is spared and what that has started
#   spare …   what runs now may go on, except the program; with numbers, only those of it
#   term      asks everything to end that is not spared; the end is told once nothing is left; `kill` forces it
#   sweep     ends what the program left behind, but neither the program nor what is spared
#   release   ends the program and this process; whatever else runs goes on
# Exit code: 0 after `release` or when the runner is gone; after a killed supervisor 3 when all is ended, 4 when something lives on.
use strict;

my ($prctl, $with_reports, @command) = @ARGV;
my $PIPE = 65536;    # what a pipe holds, at least what a writer has written once it has ended
my %spared;
my ($child, %open, %late, $status, $asked, $patience);
my $note = begin_guard();    # where the guard hears what is spared
my $guard = *GUARD;
binmode STDOUT;
binmode STDIN;

pipe(my $wake, my $wake_end) or die "pipe: $!";
$SIG{CHLD} = sub { syswrite $wake_end, '.' };
$SIG{PIPE} = 'IGNORE';
my $told = 1;
my $heard = '';
start(undef, undef, @command) if @command;
for (;;) {
    my $bits = '';
    vec($bits, fileno $_, 1) = 1 for *STDIN, $wake, $guard, values %open;
    # The time limit is for a SIGCHLD that comes right before select.
    my $count = select(my $ready = $bits, undef, undef, $told ? undef : 0.1);
    my $is_ready = sub { $count > 0 && vec($ready, fileno $_[0], 1) };
    my @pipes = %open;
    end_without_guard() if $is_ready->($guard);
    obey() if $is_ready->(*STDIN);
    sysread $wake, my $bytes, 4096 if $is_ready->($wake);
    while ((my $pid = waitpid -1, 1) > 0) { $status = $? if defined $child && $pid == $child }
    # One that was started just now has not been looked at.
    next if $told || "@pipes" ne join ' ', %open;
    my $has_report = $open{r} && $is_ready->($open{r});
    for my $kind ('o', 'e') { drain($kind, $has_report || defined $status) if $open{$kind} }
    drain('r', defined $status) if $open{r} && ($has_report || defined $status);
    if (defined $status && !($asked ? pids(0) : lingers())) {
        frame('x', $status);
        $told = 1;
        # What still writes must not end of that before it was looked for.
        %late = %open;
        %open = ();
    }
}

# Leaves the guard behind in this process, and goes on in a child of it. Gives where the guard reads what is spared.
sub begin_guard {
    syscall($prctl + 0, 36, 1, 0, 0, 0) if $prctl;    # PR_SET_CHILD_SUBREAPER: not inherited, so both say it
    pipe(my $notes, my $note) or die "pipe: $!";
    pipe(GUARD, my $life) or die "pipe: $!";
    my $supervisor = fork;
    die "fork: $!" unless defined $supervisor;
    if ($supervisor == 0) {
        close $_ for $notes, $life;
        syscall($prctl + 0, 36, 1, 0, 0, 0) if $prctl;
        return $note;
    }
    close $_ for $note, *GUARD;
    $0 = 'handbook: guard of a supervisor';
    $SIG{$_} = 'IGNORE' for 'INT', 'TERM', 'HUP', 'PIPE';
    while (<$notes>) { $spared{$_} = 1 for split /[,\n]/ }
    waitpid $supervisor, 0;
    exit 0 if $? == 0;
    end_all(0);
    exit(pids(0) ? 4 : 3);
}

# The guard is gone: what this process started would outlive it.
sub end_without_guard {
    end_all(0);
    frame('g', '');
    exit 0;
}

sub start {
    my ($cwd, $env, @words) = @_;
    pipe(my $out, my $out_end) or die "pipe: $!";
    pipe(my $err, my $err_end) or die "pipe: $!";
    my ($reports, $reports_end);
    if ($with_reports) {
        local $^F = 255;    # the program inherits it
        pipe($reports, $reports_end) or die "pipe: $!";
        $ENV{HB_REPORTS} = fileno $reports_end;
    }
    undef $status;
    %late = ();
    $told = $asked = $patience = 0;
    $child = fork;
    die "fork: $!" unless defined $child;
    if ($child == 0) {
        $SIG{CHLD} = $SIG{PIPE} = 'DEFAULT';
        syscall($prctl + 0, 1, 9, 0, 0, 0) if $prctl;    # PR_SET_PDEATHSIG
        close $_ for grep { $_ } $reports, $note, $guard;
        open STDIN, '<', '/dev/null';
        open STDOUT, '>&', $out_end;
        open STDERR, '>&', $err_end;
        %ENV = %$env if $env;
        if (!defined $cwd || chdir $cwd) {
            local $^W = 0;
            exec { $words[0] } @words;
        }
        syswrite STDERR, "$words[0] could not be started: $!\n";
        exit 127;
    }
    close $_ for grep { $_ } $out_end, $err_end, $reports_end;
    %open = (o => $out, e => $err, $reports ? (r => $reports) : ());
}

# Passes on what a pipe holds: one piece if there is one, or everything that was in it when this was called.
sub drain {
    my ($kind, $everything) = @_;
    my $left = $everything ? $PIPE : 1;
    while ($left > 0 && $open{$kind}) {
        my $bits = '';
        vec($bits, fileno $open{$kind}, 1) = 1;
        return unless select($bits, undef, undef, 0) > 0;
        my $bytes;
        my $read = sysread $open{$kind}, $bytes, $PIPE;
        next unless defined $read;
        delete $open{$kind} if $read == 0;
        frame($kind, $bytes) if $read > 0;
        $left -= $read;
    }
}

# Whether something still holds the ended program's streams: `> >(tee log)` gets a second or two to write what it has read.
sub lingers {
    $patience ||= time + 2;
    return ($open{o} || $open{e}) && time < $patience;
}

sub frame {
    my ($kind, $bytes) = @_;
    write_all(*STDOUT, "$kind " . length($bytes) . "\n$bytes") or leave(1);    # the runner is gone
}

sub write_all {
    my ($to, $text) = @_;
    while (length $text) {
        my $written = syswrite $to, $text;
        if (defined $written) { substr($text, 0, $written) = '' }
        elsif ($! != 4) { return 0 }    # not EINTR
    }
    return 1;
}

sub obey {
    my $read = sysread STDIN, $heard, 65536, length $heard;
    leave(1) if defined $read && $read == 0;
    while ($heard =~ /^(\w+)(?: ([\d ]+))?\n/) {
        my ($word, $numbers, $begin) = ($1, $2 || '', $+[0]);
        my $length = $word eq 'run' ? $numbers : 0;
        last if length $heard < $begin + $length;
        my $rest = substr $heard, $begin, $length;
        substr($heard, 0, $begin + $length) = '';
        if ($word eq 'run') {
            my ($cwd, $count, @words) = split /\0/, $rest, -1;
            start($cwd, {@words[$count .. $#words]}, @words[0 .. $count - 1]);
        }
        elsif ($word eq 'look')    { frame('l', join ' ', pids(1)) }
        elsif ($word eq 'spare')   { spare(split ' ', $numbers); %late = () }
        elsif ($word eq 'term')    { $asked = 1; kill 'TERM', pids(0) }
        elsif ($word eq 'kill')    { end_all(0) }
        elsif ($word eq 'sweep')   { end_all(1); %late = () }
        elsif ($word eq 'release') { leave(0) }
        frame('d', '');
    }
}

# Lets what runs now go on, or these of it.
sub spare {
    my %chosen = map { $_ => 1 } @_;
    my @more = grep { /^(\d+)/ && $1 != $child && (!%chosen || $chosen{$1}) } descendants();
    $spared{$_} = 1 for @more;
    # Before the runner hears that it is done. If the guard is gone, all ends.
    write_all($note, join(',', @more) . "\n");
}

sub leave {
    my ($everything) = @_;
    if   ($everything) { end_all(0) }
    else               { kill 'KILL', $child if !$told && !defined $status }
    exit 0;
}

# Ends everything below this process that is not spared. All are stopped first, until no new one appears, so that none forks its way
# out. What was born of a fork that was under way meanwhile is found once its parent is dead: so it looks again until nothing is left,
# for two seconds at most.
sub end_all {
    my ($but_the_program) = @_;
    my $deadline = time + 2;
    for (;;) {
        my %stopped;
        for (my $calm = 0; $calm < 2; $calm++) {
            for (grep { !exists $stopped{$_} } pids($but_the_program)) {
                $stopped{$_} = kill 'STOP', $_;
                $calm = -1;
            }
        }
        kill 'KILL', keys %stopped;
        last unless pids($but_the_program) && time < $deadline;
        select undef, undef, undef, 0.002;
    }
}

sub pids {
    my ($but_the_program) = @_;
    return map { /^(\d+)/ } grep { !($but_the_program && /^$child /) } descendants();
}

# Every process below this one, except what is spared and what is below that: its number and its start time.
sub descendants {
    my (%children, %dead);
    if (open my $file, '<', "/proc/self/task/$$/children") {
        my $length = sysread $file, my $children, 16;
        return if defined $length && $length == 0;    # as after most programs
    }
    if (opendir my $folder, '/proc/self/task') {
        opendir $folder, '/proc';
        for my $pid (grep { /^\d+$/ } readdir $folder) {
            open my $file, '<', "/proc/$pid/stat" or next;
            sysread $file, my $stat, 4096 or next;
            # The command's name, in parentheses, may hold anything; the fields are counted from behind it.
            my @fields = split ' ', substr $stat, rindex($stat, ')') + 1;
            push @{ $children{ $fields[1] } }, "$pid $fields[19]";
            $dead{"$pid $fields[19]"} = 1 if $fields[0] eq 'Z';
        }
    } else {
        for (`ps -A -o ppid= -o pid= -o lstart=`) { push @{ $children{$1} }, "$2 $3" if /^\s*(\d+)\s+(\d+)\s+(.*)/ }
    }
    my (@queue, @found) = ($$);
    while (defined(my $parent = shift @queue)) {
        for (grep { !$spared{$_} } @{ $children{$parent} || [] }) {
            push @found, $_;
            push @queue, /^(\d+)/;
        }
    }
    return grep { !$dead{$_} } @found;
}
