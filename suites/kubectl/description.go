package kubectl

import "strings"

// Field is a line of what "kubectl describe" prints: "Parallelism:  1" has the name Parallelism and the value 1. What
// stands below it and further to the right is in Fields: the containers of "Containers:", the labels after the first one.
type Field struct {
	Name, Value string
	Fields      []Field

	indent int
}

// ReadDescription reads what "kubectl describe" prints of one object, as the fields of an unnamed one. A line without a
// colon, such as a row of the table of Events or a further label, is a field with a value and no name.
func ReadDescription(out string) Field {
	root := Field{indent: -1}
	path := []*Field{&root}
	for _, line := range strings.Split(out, "\n") {
		text := strings.TrimLeft(line, " ")
		if strings.TrimSpace(text) == "" {
			continue
		}
		indent := len(line) - len(text)
		for path[len(path)-1].indent >= indent {
			path = path[:len(path)-1]
		}
		parent := path[len(path)-1]
		field := Field{indent: indent, Value: strings.TrimSpace(text)}
		if name, value, is := strings.Cut(text, ":"); is && (value == "" || value[0] == ' ') {
			field.Name, field.Value = name, strings.TrimSpace(value)
		}
		parent.Fields = append(parent.Fields, field)
		path = append(path, &parent.Fields[len(parent.Fields)-1])
	}
	return root
}

// Get returns the field at a path of names, and whether there is one: Get("Pod Template", "Containers", "import").
func (f Field) Get(path ...string) (Field, bool) {
	for _, name := range path {
		found := false
		for _, field := range f.Fields {
			if field.Name == name {
				f, found = field, true
				break
			}
		}
		if !found {
			return Field{}, false
		}
	}
	return f, true
}

// ValueOf returns the value at a path of names, and "" if there is no such field.
func (f Field) ValueOf(path ...string) string {
	field, _ := f.Get(path...)
	return field.Value
}

// ValuesOf returns the value at a path of names and those of the nameless lines below it: all labels, all rows of a table.
func (f Field) ValuesOf(path ...string) []string {
	field, found := f.Get(path...)
	if !found {
		return nil
	}
	var values []string
	if field.Value != "" {
		values = append(values, field.Value)
	}
	for _, line := range field.Fields {
		if line.Name == "" {
			values = append(values, line.Value)
		} else {
			values = append(values, strings.TrimSpace(line.Name+": "+line.Value))
		}
	}
	return values
}

// Names returns the names of the fields, in their order.
func (f Field) Names() []string {
	var names []string
	for _, field := range f.Fields {
		names = append(names, field.Name)
	}
	return names
}
