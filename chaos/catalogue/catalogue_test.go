package catalogue

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

func params(kind Kind) map[string]string {
	return examples[kind.Name]
}

// examples are parameters of the faults that cannot do without.
var examples = map[string]map[string]string{
	"answer-requests": {"verb": "delete", "resource": "pods", "code": "500", "times": "1"},
	"delay-requests":  {"verb": "update", "resource": "jobs/status", "delay": "2s"},
}

func TestEveryFaultIsCalledWhatTheTableCallsIt(t *testing.T) {
	index := 3
	known := map[string]bool{}
	for _, kind := range All() {
		fault, err := kind.Make(Target{Pod: "pod", Job: "job", Index: &index, Node: "node"}, params(kind))
		if err != nil {
			t.Errorf("%s: %v", kind.Name, err)
			continue
		}
		if fault.Name() != kind.Name {
			t.Errorf("%s makes a fault called %s", kind.Name, fault.Name())
		}
		if known[kind.Name] {
			t.Errorf("there are two faults called %s", kind.Name)
		}
		known[kind.Name] = true
		if b := fault.Bounds(); b.Confirm <= 0 || b.Heal <= 0 || b.Origin == "" {
			t.Errorf("%s: its bounds are %+v", kind.Name, b)
		}
		if !strings.HasSuffix(kind.Says, ".") {
			t.Errorf("%s: what it says is no sentence: %q", kind.Name, kind.Says)
		}
		hitsNode := strings.HasPrefix(fault.Target(), "node/")
		if hitsNode != (kind.On == OnNode) {
			t.Errorf("%s is on %s and hits %s", kind.Name, kind.On, fault.Target())
		}
	}
}

// Whoever writes a fault and forgets the table finds out here.
func TestEveryConstructorOfAFaultIsInTheTable(t *testing.T) {
	table := map[string]bool{}
	for _, file := range parse(t, ".") {
		ast.Inspect(file, func(node ast.Node) bool {
			if s, is := node.(*ast.SelectorExpr); is {
				if from, is := s.X.(*ast.Ident); is {
					table[from.Name+"."+s.Sel.Name] = true
				}
			}
			return true
		})
	}
	for _, name := range []string{"pods", "nodes", "controlplane", "requests", "proxy"} {
		for _, file := range parse(t, filepath.Join("..", name)) {
			for _, decl := range file.Decls {
				f, is := decl.(*ast.FuncDecl)
				if is && f.Recv == nil && f.Name.IsExported() && returnsFault(f) && !table[name+"."+f.Name.Name] {
					t.Errorf("%s.%s makes a fault and is not in the table: add it to chaos/catalogue/%s.go", name, f.Name.Name, name)
				}
			}
		}
	}
}

func returnsFault(f *ast.FuncDecl) bool {
	if f.Type.Results == nil || len(f.Type.Results.List) == 0 {
		return false
	}
	s, is := f.Type.Results.List[0].Type.(*ast.SelectorExpr)
	if is {
		return s.Sel.Name == "Fault"
	}
	star, is := f.Type.Results.List[0].Type.(*ast.StarExpr)
	if !is {
		return false
	}
	name, is := star.X.(*ast.Ident)
	return is && name.Name == "Fault"
}

// parse reads the Go files of a package, tests left out; of one that is not there, none.
func parse(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

func TestFindNamesTheNearest(t *testing.T) {
	for name, want := range map[string]string{
		"delete-pods": "is it delete-pod?", "kill-kontroller": "is it kill-controller?", "earthquake": "there is answer-requests, cut-off-from-",
	} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if kind, err := Find("delete-pod"); err != nil || kind.On != OnPod {
		t.Errorf("delete-pod: %+v, %v", kind, err)
	}
}

func TestMakeNamesParametersThatThereAreNot(t *testing.T) {
	kind, err := Find("kill-container")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kind.Make(Target{Pod: "x"}, map[string]string{"kontainer": "task"}); err == nil || !strings.Contains(err.Error(), "it takes container (") {
		t.Error(err)
	}
	kind, err = Find("delete-index")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kind.Make(Target{Job: "x"}, nil); err == nil || !strings.Contains(err.Error(), "at: {job: x, index: 0}") {
		t.Error(err)
	}
}

func TestRulesOfTheProxyAreCheckedBeforeThereIsACluster(t *testing.T) {
	for _, test := range []struct{ fault, key, value, says string }{
		{"answer-requests", "verb", "DELETE", `verb "DELETE" is none`},
		{"answer-requests", "code", "200", `code "200" is not one from 400 to 599`},
		{"answer-requests", "times", "-1", `times "-1" is not a number`},
		{"answer-requests", "lost", "perhaps", `lost "perhaps" is neither`},
		{"answer-requests", "resource", "", "it needs a resource"},
		{"delay-requests", "delay", "2", `delay "2" is not a duration`},
		{"delay-requests", "within", "soon", `within "soon" is not a duration`},
	} {
		kind, err := Find(test.fault)
		if err != nil {
			t.Fatal(err)
		}
		with := maps.Clone(examples[test.fault])
		with[test.key] = test.value
		if _, err := kind.Make(Target{}, with); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s %s: %v, want %q", test.fault, test.key, err, test.says)
		}
	}
}
