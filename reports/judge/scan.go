package judge

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"strconv"
)

// scan goes once through JSON that the history's reader has checked already, and takes from it what is asked for. It is most
// of what judging costs. Given something else it finds less, or nothing; it does not fail.
type scan struct {
	json []byte
	at   int // where the next value begins, or -1 if there is none
}

// object goes through an object and calls each with the name of every member, as it is written, without its quotes. each may
// take the member's value; what it does not take is skipped.
func (s *scan) object(each func(name []byte)) {
	if !s.opens('{') {
		s.skip()
		return
	}
	s.at = blank(s.json, s.at+1)
	if s.closes('}') {
		return
	}
	for {
		name := inner(s.raw())
		if s.at = blank(s.json, s.at); s.at < 0 || s.at >= len(s.json) || s.json[s.at] != ':' {
			s.at = -1
			return
		}
		s.at = blank(s.json, s.at+1)
		value := s.at
		if each(name); s.at == value {
			s.skip()
		}
		if !s.another('}') {
			return
		}
	}
}

// list goes through a list and calls each at every element, which it may take.
func (s *scan) list(each func()) {
	if !s.opens('[') {
		s.skip()
		return
	}
	s.at = blank(s.json, s.at+1)
	if s.closes(']') {
		return
	}
	for {
		value := s.at
		if each(); s.at == value {
			s.skip()
		}
		if !s.another(']') {
			return
		}
	}
}

func (s *scan) opens(with byte) bool {
	return s.at >= 0 && s.at < len(s.json) && s.json[s.at] == with
}

// closes goes on behind the end of an object or a list if it is here.
func (s *scan) closes(with byte) bool {
	if !s.opens(with) {
		return false
	}
	s.at++
	return true
}

// another says whether there is one more member or element, and goes on to it or behind the end.
func (s *scan) another(end byte) bool {
	s.at = blank(s.json, s.at)
	switch {
	case s.closes(end):
		return false
	case s.opens(','):
		s.at = blank(s.json, s.at+1)
		return s.at < len(s.json)
	}
	s.at = -1
	return false
}

// skip goes on behind the value.
func (s *scan) skip() {
	if s.at >= 0 {
		s.at = endOfValue(s.json, s.at)
	}
}

// raw takes the value as it is written; nil if there is none.
func (s *scan) raw() []byte {
	from := s.at
	if s.skip(); s.at < 0 {
		return nil
	}
	return s.json[from:s.at]
}

// text takes a text; nil if the value is none.
func (s *scan) text() []byte { return text(s.raw()) }

// whole takes a whole number; 0 if the value is none.
func (s *scan) whole() int {
	n, err := strconv.Atoi(string(s.raw()))
	if err != nil {
		return 0
	}
	return n
}

// yes takes a truth and says whether it is true.
func (s *scan) yes() bool { return string(s.raw()) == "true" }

// inner is what stands between the quotes of a text, as it is written; nil if the value is none.
func inner(value []byte) []byte {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return nil
	}
	return value[1 : len(value)-1]
}

// text is the content of a JSON text, part of the given bytes unless something in it is escaped; nil if the value is none.
func text(value []byte) []byte {
	written := inner(value)
	if bytes.IndexByte(written, '\\') < 0 {
		return written
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		return nil
	}
	return []byte(s)
}

// blank returns where the next byte is that is no white space; -1 if it is given that.
func blank(text []byte, i int) int {
	for i >= 0 && i < len(text) && text[i] <= ' ' {
		i++
	}
	return i
}

// endOfValue returns where the value ends that begins at i, or -1.
func endOfValue(text []byte, i int) int {
	if i >= len(text) {
		return -1
	}
	switch text[i] {
	case '"':
		return endOfText(text, i+1)
	case '{', '[':
	default:
		begin := i
		for i < len(text) && text[i] > ' ' && text[i] != ',' && text[i] != '}' && text[i] != ']' {
			i++
		}
		if i == begin {
			return -1
		}
		return i
	}
	for depth := 0; i >= 0 && i < len(text); {
		switch text[i] {
		case '"':
			i = endOfText(text, i+1)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// endOfText returns where a text ends whose first quote stands before i, or -1. It looks at eight bytes at a time.
func endOfText(text []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for i < len(text) {
		for i+8 <= len(text) {
			word := binary.LittleEndian.Uint64(text[i:])
			quote, escape := word^(ones*'"'), word^(ones*'\\')
			// The lowest bit that is set belongs to the first quote or backslash.
			if found := ((quote-ones)&^quote | (escape-ones)&^escape) & highs; found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
			i += 8
		}
		if i >= len(text) {
			return -1
		}
		switch text[i] {
		case '"':
			return i + 1
		case '\\':
			i += 2
		default:
			i++
		}
	}
	return -1
}
