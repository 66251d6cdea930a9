// Command mutants spoils the recorded legal histories in many ways and tells how much of it the judge notices. It exits with
// 1 if that is too little, if a mutant survives for no known reason, or if a legal one is refused.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/mutants"
)

// wanted is the share of the mutants that are not legal that must be noticed.
const wanted = 0.95

func main() {
	folder := flag.String("legal", "reports/judge/testdata/legal", "folder of recorded legal histories")
	limit := flag.Int("limit", 150, "mutants of each operator at most, spread evenly over the places where it applies")
	flag.Parse()
	enough, err := run(*folder, *limit)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !enough {
		os.Exit(1)
	}
}

func run(folder string, limit int) (enough bool, err error) {
	sources, err := load(folder)
	if err != nil {
		return false, err
	}
	var all []*mutants.Outcome
	for _, o := range mutants.Operators() {
		outcome, err := mutants.Run(o, sources, limit)
		if err != nil {
			return false, err
		}
		all = append(all, outcome)
	}
	table(all)
	survivors(all)
	reasons(all)
	return conclude(all, len(sources)), nil
}

// load reads all histories in the folder of each version.
func load(folder string) ([]*mutants.Source, error) {
	files, err := filepath.Glob(filepath.Join(folder, "v*", "*"+history.SealedExtension))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no histories in %s", folder)
	}
	var sources []*mutants.Source
	for _, file := range files {
		name, err := filepath.Rel(folder, strings.TrimSuffix(file, history.SealedExtension))
		if err != nil {
			return nil, err
		}
		source, err := mutants.Load(file, name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	return sources, nil
}

// table tells of each operator how many mutants were made and what became of them.
func table(all []*mutants.Outcome) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "OPERATOR\tMADE\tLEGAL\tREADER\tJUDGE\tUNSURE\tSURVIVED\tCAUGHT\tMOST BY")
	for _, o := range all {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n",
			o.Operator.Name, o.Made, o.Legal(), o.Refused, o.Broken, o.Unsure, len(o.Survived), share(o.Caught(), o.Made-o.Legal()), most(o.Named))
	}
	w.Flush()
}

// share is a part of a whole in percent.
func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

// most names the three invariants that noticed most.
func most(named map[string]int) string {
	ids := slices.SortedFunc(maps.Keys(named), func(a, b string) int { return cmp.Or(cmp.Compare(named[b], named[a]), cmp.Compare(a, b)) })
	return strings.Join(ids[:min(3, len(ids))], " ")
}

// survivors lists what nobody noticed, by why nobody can.
func survivors(all []*mutants.Outcome) {
	fmt.Println("\nSurvivors, by why nobody can tell:")
	grouped := map[string]map[string][]string{}
	for _, o := range all {
		for _, s := range o.Survived {
			if grouped[s.Why] == nil {
				grouped[s.Why] = map[string][]string{}
			}
			grouped[s.Why][o.Operator.Name] = append(grouped[s.Why][o.Operator.Name], s.Source+": "+s.What)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(grouped)) {
		fmt.Printf("  %s\n", cmp.Or(why, "NO REASON IS KNOWN"))
		for _, operator := range slices.Sorted(maps.Keys(grouped[why])) {
			found := grouped[why][operator]
			fmt.Printf("    %4d × %s, such as %s\n", len(found), operator, found[0])
		}
	}
}

// reasons lists why mutants are legal, and those that were refused all the same.
func reasons(all []*mutants.Outcome) {
	fmt.Println("\nLegal mutants, by why they are:")
	why := map[string]int{}
	for _, o := range all {
		for reason, n := range o.Same {
			why[reason] += n
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		fmt.Printf("  %5d  %s\n", why[reason], reason)
	}
	for _, o := range all {
		for _, alarm := range o.Alarms {
			fmt.Printf("  FALSE ALARM  %s: %s\n", o.Operator.Name, alarm)
		}
	}
}

// conclude tells the share of all and says whether it is enough.
func conclude(all []*mutants.Outcome, sources int) bool {
	var made, legal, caught, unexplained, alarms int
	for _, o := range all {
		made, legal, caught, alarms = made+o.Made, legal+o.Legal(), caught+o.Caught(), alarms+len(o.Alarms)
		for _, s := range o.Survived {
			if s.Why == "" {
				unexplained++
			}
		}
	}
	fmt.Printf("\n%d mutants of %d histories by %d operators. %d are legal too; of the other %d, %d were caught: %s (of all, %s).\n",
		made, sources, len(all), legal, made-legal, caught, share(caught, made-legal), share(caught, made))
	fmt.Printf("%d survivors without a reason, %d false alarms.\n", unexplained, alarms)
	return float64(caught) >= wanted*float64(made-legal) && unexplained == 0 && alarms == 0
}
