package sharing

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// report is what the task of configuration.yaml got.
type report struct {
	files       map[string]file // by path
	environment map[string]string
}

// file is a file's permissions and its content.
type file struct{ permissions, content string }

// file tells of a file what there is to compare: its permissions and its content. It says so if there was no such file.
func (r report) file(path string) string {
	found, is := r.files[path]
	if !is {
		return "there is no file " + path
	}
	return found.permissions + " " + found.content
}

// variable is the value of an environment variable, or says that there was none.
func (r report) variable(name string) string {
	value, is := r.environment[name]
	if !is {
		return "there is no variable " + name
	}
	return value
}

// readReport reads the task's last words: a line for each file with its path, permissions and content, and one with the
// environment as the kernel keeps it, contents in base64.
func readReport(text string) (report, error) {
	got := report{files: map[string]file{}, environment: map[string]string{}}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || len(fields) > 3 {
			return got, fmt.Errorf("the report has the line %q", line)
		}
		var content []byte
		if len(fields) == 3 { // the content of an empty file is nothing
			var err error
			if content, err = base64.StdEncoding.DecodeString(fields[2]); err != nil {
				return got, fmt.Errorf("the report on %s: %w", fields[0], err)
			}
		}
		if fields[0] != "environment" {
			got.files[fields[0]] = file{permissions: fields[1], content: string(content)}
			continue
		}
		for variable := range strings.SplitSeq(string(content), "\x00") {
			if name, value, is := strings.Cut(variable, "="); is {
				got.environment[name] = value
			}
		}
	}
	if len(got.environment) == 0 {
		return got, fmt.Errorf("the report ends before the environment")
	}
	return got, nil
}
