package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/jobproof/jobproof/chaos/catalogue"
)

// Parse reads a plan. file is what errors call it; they say the line, and what would be right.
func Parse(file string, text []byte) (*Plan, error) {
	p := &Plan{file: file, lines: map[string]int{}}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	switch err := decoder.Decode(p); {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("%s:1: it is empty: a plan begins with plan: and its name", file)
	case err != nil:
		return nil, fmt.Errorf("%s:%s", file, readable(err))
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more than one document: a file holds one plan", file)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("%s:%s", file, readable(err))
	}
	note(p.lines, "", document.Content[0])
	if err := p.Check(); err != nil {
		return nil, err
	}
	return p, nil
}

// note keeps the line of every value.
func note(lines map[string]int, path string, node *yaml.Node) {
	lines[path] = node.Line
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			note(lines, strings.TrimPrefix(path+"."+node.Content[i].Value, "."), node.Content[i+1])
		}
	case yaml.SequenceNode:
		for i, value := range node.Content {
			note(lines, fmt.Sprintf("%s[%d]", path, i), value)
		}
	}
}

var (
	atLine       = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)
	unknownField = regexp.MustCompile(`^field (\S*) not found in type plan\.(\w+)$`)
	notInto      = regexp.MustCompile("^cannot unmarshal !!\\w+(?: (`[^`]*`))? into (\\S+)$")
	givenTwice   = regexp.MustCompile(`^(?:mapping key|field) "?([^" ]+)"? already (?:defined at line (\d+)|set in type \S+)$`)
)

// readable makes "12: …" of the first error of the yaml package.
func readable(err error) string {
	text := err.Error()
	var several *yaml.TypeError
	if errors.As(err, &several) {
		text = several.Errors[0]
	}
	line, found := "1", atLine.FindStringSubmatch(text)
	if found != nil {
		line, text = found[1], text[len(found[0]):]
	}
	text = strings.TrimPrefix(text, "yaml: ")
	if m := unknownField.FindStringSubmatch(text); m != nil {
		keys := keysOf(m[2])
		text = fmt.Sprintf("unknown key %s: %s", m[1], catalogue.Suggest(m[1], keys))
	} else if m := notInto.FindStringSubmatch(text); m != nil {
		text = fmt.Sprintf("%s is not %s", orThis(m[1]), inWords(m[2]))
	} else if m := givenTwice.FindStringSubmatch(text); m != nil {
		text = fmt.Sprintf("the key %s is given twice", m[1])
	}
	return line + ": " + text
}

func orThis(value string) string {
	if value == "" {
		return "this"
	}
	return value
}

// keysOf returns the keys of a mapping of a plan by the name of its type.
func keysOf(name string) []string {
	for _, mapping := range []any{Plan{}, Step{}, Trigger{}, Selector{}, End{}} {
		if t := reflect.TypeOf(mapping); t.Name() == name {
			var keys []string
			for i := range t.NumField() {
				if key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" {
					keys = append(keys, key)
				}
			}
			return keys
		}
	}
	return nil
}

// inWords says what a Go type is to whoever writes a plan.
func inWords(goType string) string {
	switch {
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "a whole number"
	case goType == "bool":
		return "true or false"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "plan."), strings.HasPrefix(goType, "map"):
		return "a mapping, as in {key: value}"
	default:
		return "a word"
	}
}
