package plan

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// Bytes is the plan as a file: the same bytes for the same plan, and Parse reads the same plan from them.
func (p *Plan) Bytes() []byte {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	encoder.CompactSeqIndent()
	written := *p
	if written.Steps == nil {
		written.Steps = []Step{}
	}
	if err := encoder.Encode(written); err != nil {
		panic(err) // it holds nothing but words and numbers
	}
	_ = encoder.Close() // writes to memory
	return b.Bytes()
}

// MarshalYAML writes an end on one line.
func (e End) MarshalYAML() (any, error) {
	type plain End
	var node yaml.Node
	err := node.Encode(plain(e))
	node.Style = yaml.FlowStyle
	return &node, err
}
