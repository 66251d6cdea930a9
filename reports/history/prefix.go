package history

import "math"

// prefix takes the beginning of a line apart, field by field. Once it is not as expected it has failed.
type prefix struct {
	text   []byte
	failed bool
}

// has reports whether it comes next; it takes nothing off.
func (p *prefix) has(what string) bool {
	return !p.failed && len(p.text) >= len(what) && string(p.text[:len(what)]) == what
}

// skip takes off what must come next.
func (p *prefix) skip(what string) {
	if !p.has(what) {
		p.failed = true
		return
	}
	p.text = p.text[len(what):]
}

// quoted takes off a string value after what begins it, quote included. It fails at characters that JSON escapes and at
// those outside ASCII, which no name in Kubernetes holds.
func (p *prefix) quoted(begins string) []byte {
	p.skip(begins)
	if p.failed {
		return nil
	}
	for i, c := range p.text {
		if c == '"' {
			value := p.text[:i]
			p.text = p.text[i+1:]
			return value
		}
		if c < ' ' || c == '\\' || c > '~' {
			break
		}
	}
	p.failed = true
	return nil
}

// number takes off a positive number.
func (p *prefix) number(begins string) uint64 {
	p.skip(begins)
	if p.failed {
		return 0
	}
	var n uint64
	i := 0
	for ; i < len(p.text) && p.text[i] >= '0' && p.text[i] <= '9'; i++ {
		digit := uint64(p.text[i] - '0')
		if n > (math.MaxUint64-digit)/10 || n == 0 && i > 0 {
			p.failed = true
			return 0
		}
		n = n*10 + digit
	}
	p.failed = i == 0
	p.text = p.text[i:]
	return n
}
