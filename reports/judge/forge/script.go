package forge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/jobproof/jobproof/reports/history"
)

// Script is what a file says: a history, its edits, and what the judge is to find in the result.
type Script struct {
	// Path is the file.
	Path string `json:"-"`
	// From is the history that is edited, relative to the folder of legal ones, without its extension.
	From string `json:"from"`

	// Breaks, Unsure, Told and Blocked are the invariant that is to be found broken, that the judge is to be unsure about, that
	// is to be told and changes no verdict, or whose wait is to be reported as blocked. All are empty for a legal history.
	Breaks  string `json:"breaks"`
	Unsure  string `json:"unsure"`
	Told    string `json:"told"`
	Blocked string `json:"blocked"`
	// Object is what the finding must name, empty for the object of At. What is a part of what it must say.
	Object string `json:"object"`
	What   string `json:"what"`
	// Also are other invariants that the edits cannot but break, with the reason.
	Also map[string]string `json:"also"`

	// At is where the finding must stand; nil for a legal history.
	At *Place `json:"at"`

	Objects map[string]Selector `json:"objects"`
	Header  *Header             `json:"header"`
	End     End                 `json:"end"`
	Edits   []Edit              `json:"edits"`
}

// Header is what is changed in the header of a history.
type Header struct {
	Kubernetes string              `json:"kubernetes"`
	Order      history.Order       `json:"order"`
	Audited    *bool               `json:"audited"`
	Controller *history.Controller `json:"controller"`
}

// End says how a history ends: After is how long after its last version.
type End struct {
	After      Duration            `json:"after"`
	Controller *history.Controller `json:"controller"`
}

// Edit is one edit: that of the one field that is set, what is done to the versions that Select fits being one.
type Edit struct {
	Select *Selector `json:"select"`
	Change
	Type string   `json:"type"`
	Seen Duration `json:"seen"`
	Drop bool     `json:"drop"`

	Insert *Insert    `json:"insert"`
	Life   *Life      `json:"life"`
	Move   *Move      `json:"move"`
	Swap   []Selector `json:"swap"`
	Pause  *Pause     `json:"pause"`
	Write  *Write     `json:"write"`
	Gap    *Gap       `json:"gap"`
}

// Change is what is changed in a version.
type Change struct {
	Set    map[string]any      `json:"set"`
	Remove []string            `json:"remove"`
	Shift  map[string]Duration `json:"shift"`
	Label  string              `json:"label"`
}

// As is what a copy is called. Index gives a pod another completion index.
type As struct {
	Name  string `json:"name"`
	UID   string `json:"uid"`
	Type  string `json:"type"`
	Index *int   `json:"index"`
}

// Insert adds a copy of a version.
type Insert struct {
	CopyOf Selector  `json:"copyOf"`
	As     As        `json:"as"`
	After  *Selector `json:"after"`
	Before *Selector `json:"before"`
	Call   string    `json:"call"`
	Change
}

// Life adds a copy of an object with all its versions, or the first few of them.
type Life struct {
	CopyOf   Selector  `json:"copyOf"`
	As       As        `json:"as"`
	After    *Selector `json:"after"`
	Versions int       `json:"versions"`
	Pods     bool      `json:"pods"`
	Call     string    `json:"call"`
	Change
}

// Move puts a version elsewhere.
type Move struct {
	Select Selector  `json:"select"`
	After  *Selector `json:"after"`
	Before *Selector `json:"before"`
	Label  string    `json:"label"`
}

// Pause lets nothing happen for a time.
type Pause struct {
	Before Selector `json:"before"`
	For    Duration `json:"for"`
}

// Write adds a request to the audit log. Ago is how long before the version that follows it.
type Write struct {
	After  *Selector `json:"after"`
	Before *Selector `json:"before"`
	Ago    Duration  `json:"ago"`
	By     string    `json:"by"`
	Of     string    `json:"of"`

	Verb        string `json:"verb"`
	Resource    string `json:"resource"`
	Subresource string `json:"subresource"`
	Name        string `json:"name"`
	Code        int    `json:"code"`
}

// Gap says that a part of a kind was not recorded.
type Gap struct {
	After Selector `json:"after"`
	Kind  string   `json:"kind"`
	Lost  []string `json:"lost"`
}

// Place is a version, or the end of the history.
type Place struct {
	End     bool
	Version Selector
}

// UnmarshalJSON reads end, a label or a selector.
func (p *Place) UnmarshalJSON(text []byte) error {
	if string(text) == `"end"` {
		p.End = true
		return nil
	}
	return p.Version.UnmarshalJSON(text)
}

// Duration is a time.Duration that is written like 1m30s.
type Duration time.Duration

// UnmarshalJSON reads a duration with its unit.
func (d *Duration) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("a duration is written like 90s, not %s", text)
	}
	parsed, err := time.ParseDuration(s)
	*d = Duration(parsed)
	return err
}

// Load reads a file. Fields that are not known are an error.
func Load(file string) (*Script, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("forge: %w", err)
	}
	s, err := read(text)
	if err != nil {
		return nil, fmt.Errorf("forge %s: %w", file, err)
	}
	s.Path = file
	return s, nil
}

func read(text []byte) (*Script, error) {
	plain, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	s := &Script{}
	if err := strictly(plain, s); err != nil {
		return nil, err
	}
	return s, s.check()
}

// strictly decodes a JSON text and refuses fields that are not known.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (s *Script) check() error {
	named := 0
	for _, id := range []string{s.Breaks, s.Unsure, s.Told, s.Blocked} {
		if id != "" {
			named++
		}
	}
	switch {
	case s.From == "":
		return errors.New("from is missing")
	case named > 1:
		return errors.New("only one of breaks, unsure, told and blocked")
	case s.Breaks+s.Unsure+s.Told != "" && s.At == nil:
		return errors.New("at is missing")
	}
	for i, e := range s.Edits {
		if err := e.check(); err != nil {
			return fmt.Errorf("edit %d: %w", i+1, err)
		}
	}
	return nil
}

func (e *Edit) check() error {
	kinds := 0
	for _, is := range []bool{e.Select != nil, e.Insert != nil, e.Life != nil, e.Move != nil, e.Swap != nil, e.Pause != nil, e.Write != nil, e.Gap != nil} {
		if is {
			kinds++
		}
	}
	does := e.Change.any() || e.Type != "" || e.Seen != 0 || e.Drop
	switch {
	case kinds != 1:
		return errors.New("exactly one of select, insert, life, move, swap, pause, write and gap")
	case e.Select == nil && does:
		return errors.New("what is to change belongs to select, insert or life")
	case e.Select != nil && !does:
		return errors.New("it changes nothing")
	case e.Swap != nil && len(e.Swap) != 2:
		return errors.New("a swap takes two selectors")
	}
	return nil
}

func (c *Change) any() bool {
	return len(c.Set) > 0 || len(c.Remove) > 0 || len(c.Shift) > 0 || c.Label != ""
}
