package verdict

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jobproof/jobproof/fixtures/claims"
)

// Columns of the table. The narrowest terminal that the table is made for has 60; there a statement keeps 22.
const (
	narrowest      = 60
	verdictColumns = len(NotExercised) // the longest verdict
	between        = "  "
	mostLines      = 6 // of a reason; all of it is in the result's file
)

// Statements finds claims by id; *claims.Registry does.
type Statements interface {
	Get(id string) (claims.Claim, bool)
}

// colours holds the SGR code of each verdict (ECMA-48, 8.3.117). Green is for proven and nothing else.
var colours = map[Verdict]string{Proven: "32", NotExercised: "36", Inconclusive: "33", Infra: "33", Refuted: "31"}

// row is one line of the table and what may follow it.
type row struct {
	id, statement, spec string
	verdict             Verdict
	because, evidence   string
}

// Table prints the claims, worst first: one line each, followed by the reason and the evidence unless it is proven. The
// spec on the line is the one that decided, behind "+2" if two more show the claim. A spec whose verdict is not that of
// any of its claims has a line too. A last line counts the claims by verdict.
//
// width is the terminal's in columns; less than 60 is taken as 60. The verdicts are coloured if colour is true.
// The error is that of w.
func Table(w io.Writer, s Summary, statements Statements, width int, colour bool) error {
	out := bufio.NewWriter(w) // keeps the first error until Flush
	rows := rows(s, statements)
	columns := measure(rows, max(width, narrowest))
	if len(rows) > 0 {
		columns.print(out, "CLAIM", pad("VERDICT", verdictColumns), "STATEMENT", "SHOWN BY")
	}
	for i, r := range rows {
		if i > 0 && rows[i-1].verdict != r.verdict {
			fmt.Fprintln(out)
		}
		verdict := pad(string(r.verdict), verdictColumns)
		if colour {
			verdict = "\x1b[" + colours[r.verdict] + "m" + verdict + "\x1b[0m"
		}
		columns.print(out, r.id, verdict, r.statement, r.spec)
		if i+1 < len(rows) && r.sharesReason(rows[i+1]) {
			continue
		}
		columns.explain(out, "because", r.because)
		columns.explain(out, "evidence", r.evidence)
	}
	if s.Because != "" {
		fmt.Fprintf(out, "%s: %s\n", s.Overall, plain(s.Because))
	}
	fmt.Fprintf(out, "\n%s\n", count(s))
	if line := Kept(s); line != "" {
		fmt.Fprintln(out, line)
	}
	return out.Flush()
}

// sharesReason says whether the next row will give this row's reason as well. Where a cluster cannot have a node killed,
// dozens of claims are not exercised for the same reason; what was tried explains itself row by row.
func (r row) sharesReason(next row) bool {
	return r.verdict == NotExercised && next.verdict == NotExercised && r.because == next.because
}

// rows makes the rows of a summary, worst first, then by id.
func rows(s Summary, statements Statements) []row {
	var rows []row
	for _, c := range s.Claims {
		r := row{id: plain(c.ID), verdict: c.Verdict, statement: statement(c.ID, statements), spec: plain(c.Spec)}
		if others := len(c.Showings) - 1; others > 0 {
			r.spec = fmt.Sprintf("+%d %s", others, r.spec) // in front, where it is not clipped
		}
		r.explain(c.Because, c.Evidence)
		rows = append(rows, r)
	}
	for _, spec := range s.Specs {
		if spec.Explained() {
			continue
		}
		r := row{id: "-", verdict: spec.Verdict, statement: "(no claim: the spec itself)", spec: plain(spec.Spec)}
		r.explain(spec.Because(), spec.History)
		rows = append(rows, r)
	}
	for _, inv := range s.Invariants {
		if inv.Verdict == Proven || inv.Verdict == NotExercised {
			continue
		}
		found := inv.Findings[0]
		r := row{id: plain(inv.ID), verdict: inv.Verdict, statement: plain(inv.Says), spec: plain(found.Spec)}
		if others := len(inv.Findings) - 1; others > 0 {
			r.spec = fmt.Sprintf("+%d %s", others, r.spec)
		}
		r.explain(inv.Because(), place(found))
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(Compare(b.verdict, a.verdict), cmp.Compare(a.id, b.id))
	})
	return rows
}

// explain gives a row the reason of its verdict and, if something was tried, the evidence. What is proven needs neither.
func (r *row) explain(because, evidence string) {
	if r.verdict == Proven {
		return
	}
	r.because = cmp.Or(plain(because), "no reason was given")
	if r.verdict != NotExercised {
		r.evidence = cmp.Or(plain(evidence), "none")
	}
}

// statement returns what was to be proven, marked where that is not what the document says.
func statement(id string, statements Statements) string {
	claim, found := statements.Get(id)
	switch {
	case !found:
		return "(not in the registry of claims)"
	case claim.Truth == claims.Wrong:
		return "corrected: " + plain(claim.Proves())
	case claim.Truth == claims.Outdated:
		return "by now: " + plain(claim.Proves())
	default:
		return plain(claim.Proves())
	}
}

// columns holds the widths of the columns that vary.
type columns struct{ id, statement, spec, total int }

// measure shares the width out: two fifths of what is left to the spec's text, the rest to the statement, and what one
// of them does not need to the other.
func measure(rows []row, total int) columns {
	c := columns{id: length("CLAIM"), statement: length("STATEMENT"), spec: length("SHOWN BY"), total: total}
	for _, r := range rows {
		c.id = max(c.id, length(r.id))
		c.statement = max(c.statement, length(r.statement))
		c.spec = max(c.spec, length(r.spec))
	}
	left := total - c.id - verdictColumns - 3*len(between)
	if spare := left - c.statement - c.spec; spare < 0 {
		c.spec = max(min(c.spec, left*2/5), left-c.statement)
		c.statement = left - c.spec
	}
	return c
}

// print prints one row. The verdict comes padded, as its colour must not count.
func (c columns) print(w io.Writer, id, verdict, statement, spec string) {
	cells := []string{pad(id, c.id), verdict, pad(clip(statement, c.statement), c.statement), clip(spec, c.spec)}
	fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, between), " "))
}

// explain prints a label and a text, broken into lines, below a row and in line with its verdict.
func (c columns) explain(w io.Writer, label, text string) {
	if text == "" {
		return
	}
	indent := strings.Repeat(" ", c.id) + between
	label = pad(label, len("evidence")) + " "
	for _, line := range wrap(text, c.total-len(indent)-len(label), mostLines) {
		fmt.Fprintln(w, indent+label+line)
		label = strings.Repeat(" ", len(label))
	}
}

// place is where a finding can be seen: a history file and the line in it.
func place(f SpecFinding) string {
	if f.Line == 0 {
		return f.History
	}
	return fmt.Sprintf("%s line %d", f.History, f.Line)
}

// Kept says how the invariants stood in one line, or nothing if no history was judged.
func Kept(s Summary) string {
	var total, moments int
	stood := map[Verdict]int{}
	for _, inv := range s.Invariants {
		total++
		stood[inv.Verdict]++
		moments += inv.Moments
	}
	if total == stood[NotExercised] {
		return ""
	}
	return fmt.Sprintf("invariants: %d kept at %d moments, %d broken, %d unsure, %d of %d without an occasion",
		stood[Proven], moments, stood[Refuted], stood[Inconclusive], stood[NotExercised], total)
}

// count says how many claims have which verdict; infra, which a claim seldom has, only where there are any.
func count(s Summary) string {
	counts := fmt.Sprintf("%d proven, %d refuted, %d inconclusive, %d not exercised",
		s.Count(Proven), s.Count(Refuted), s.Count(Inconclusive), s.Count(NotExercised))
	if n := s.Count(Infra); n > 0 {
		counts += fmt.Sprintf(", %d infra", n)
	}
	return counts
}
