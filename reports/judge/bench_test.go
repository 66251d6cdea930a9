package judge

import (
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jobproof/jobproof/reports/history"
)

// What a million versions may cost on one core: of time this is told and compared by whoever reads it, for it depends on the
// machine; more memory than this fails.
const (
	million   = 1_000_000
	maxMemory = 512 << 20
)

// BenchmarkJudge judges a million versions: Jobs of 10,000 pods each, Indexed and not, from their creation until they are
// removed, on one core. Making them is not counted. In "lines" the judge is given versions; in "file" the reader gets the
// bytes of a sealed history, checks them and hands on what is in them.
func BenchmarkJudge(b *testing.B) {
	b.Run("lines", func(b *testing.B) { benchmark(b, judgeLines) })
	b.Run("file", func(b *testing.B) { benchmark(b, judgeFile) })
}

func benchmark(b *testing.B, judge func(*testing.B, *crowd) *Judge) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var spent, busy time.Duration
	var heap uint64
	var made int
	for range b.N {
		runtime.GC()
		c := newCrowd(b, million)
		began, onCore := time.Now(), processorTime(b)
		j := judge(b, c)
		spent += time.Since(began) - c.spent
		busy += processorTime(b) - onCore - c.busy
		made += c.versions
		heap = max(heap, c.heap)
		for _, f := range j.sheet.broken {
			b.Fatalf("it breaks %s: %v", f.Invariant, f)
		}
		for _, f := range j.sheet.unsure {
			b.Fatalf("%s is unsure: %v", f.Invariant, f)
		}
		if n := len(j.world.jobs) + len(j.world.pods) + len(j.waits.running); n > 0 {
			b.Fatalf("%d objects and waits are remembered after all is gone", n)
		}
	}
	b.ReportMetric(spent.Seconds()*million/float64(made), "s/million")
	b.ReportMetric(busy.Seconds()*million/float64(made), "cpu-s/million")
	b.ReportMetric(float64(heap)/(1<<20), "MiB-heap")
	b.ReportMetric(float64(resident(b))/(1<<20), "MiB-resident")
	b.ReportMetric(0, "ns/op") // making the versions is in it
	if heap > maxMemory {
		b.Fatalf("the heap grew to %d MiB, which is more than %d", heap>>20, maxMemory>>20)
	}
}

func judgeLines(b *testing.B, c *crowd) *Judge {
	j := New(c.header)
	number := 1
	for c.next() {
		for i := range c.made {
			number++
			if err := j.Line(history.Line{Number: number, Version: &c.made[i]}); err != nil {
				b.Fatal(err)
			}
		}
	}
	j.End(history.End{At: c.now})
	return j
}

func judgeFile(b *testing.B, c *crowd) *Judge {
	reader, err := history.NewReader(&sealedCrowd{crowd: c})
	if err != nil {
		b.Fatal(err)
	}
	defer reader.Close()
	j := New(reader.Header())
	for line, err := range reader.Lines() {
		if err == nil {
			err = j.Line(line)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	j.End(reader.End())
	return j
}

// sealedCrowd is a crowd's history as a file.
type sealedCrowd struct {
	*crowd
	rest  []byte
	ended bool
}

func (s *sealedCrowd) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		switch {
		case s.lines == 0:
			s.rest = s.first()
		case s.next():
			s.rest = s.text
		case !s.ended:
			s.rest, s.ended = s.last(), true
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// processorTime is what the process has used so far: unlike the time that passes it does not grow while others use the core.
func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// resident is the most memory that the process has had, in bytes; 0 if the system does not say.
func resident(b *testing.B) int {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	n, err := strconv.Atoi(kilobytes)
	if err != nil {
		return 0
	}
	return n << 10
}
