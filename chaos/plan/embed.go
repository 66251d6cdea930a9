package plan

import (
	"embed"
	"io/fs"
	"path"
)

//go:embed plans/*.yaml
var files embed.FS

// Folder is where the plans that every run conducts are, relative to the repository.
const Folder = "chaos/plan/plans"

// Embedded returns the plans that every run conducts, by name. Its error names the file and the line of the first that is
// none.
func Embedded() ([]*Plan, error) {
	names, err := fs.Glob(files, "plans/*.yaml")
	if err != nil {
		return nil, err
	}
	var plans []*Plan
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		p, err := Parse(path.Join(Folder, path.Base(name)), text)
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}
