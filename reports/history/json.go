package history

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth is how deep an object may be nested. Managed fields, the deepest that Kubernetes writes into Jobs and pods,
// stay under 20.
const maxDepth = 512

// isObject reports whether text is one JSON object and nothing else; it does not look at whether strings are UTF-8. It
// goes through every byte once and without recursion, since most of what a Reader costs is here.
func isObject(text []byte) bool {
	i := space(text, 0)
	if i >= len(text) || text[i] != '{' {
		return false
	}
	var objects [maxDepth/64 + 1]uint64 // a bit for each level of nesting; it is set if an object is there
	depth := 0
value:
	if i >= len(text) {
		return false
	}
	switch c := text[i]; c {
	case '"':
		if i = str(text, i+1); i < 0 {
			return false
		}
	case '{', '[':
		i = space(text, i+1)
		if i < len(text) && text[i] == c+2 { // } is two after {, and ] after [
			i++
			break
		}
		if depth++; depth > maxDepth {
			return false
		}
		if c == '{' {
			objects[depth/64] |= 1 << (depth % 64)
			goto name
		}
		objects[depth/64] &^= 1 << (depth % 64)
		goto value
	default:
		if i = scalar(text, i); i < 0 {
			return false
		}
	}
ended: // a value, and perhaps what it is in
	if i = space(text, i); depth == 0 || i >= len(text) {
		return depth == 0 && i == len(text)
	}
	if inObject := objects[depth/64]>>(depth%64)&1 == 1; text[i] == ',' {
		i = space(text, i+1)
		if !inObject {
			goto value
		}
	} else if inObject && text[i] == '}' || !inObject && text[i] == ']' {
		i++
		depth--
		goto ended
	} else {
		return false
	}
name:
	if i >= len(text) || text[i] != '"' {
		return false
	}
	if i = str(text, i+1); i < 0 {
		return false
	}
	if i = space(text, i); i >= len(text) || text[i] != ':' {
		return false
	}
	i = space(text, i+1)
	goto value
}

// space returns where the next byte is that is no white space.
func space(text []byte, i int) int {
	for i < len(text) && text[i] <= ' ' && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
		i++
	}
	return i
}

// str returns where a string ends whose first quote stands before i, or -1. It looks at eight bytes at a time.
func str(text []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for {
		for i+8 <= len(text) {
			word := binary.LittleEndian.Uint64(text[i : i+8])
			// A high bit is set where a byte is a quote, a backslash or a control character, and perhaps above the first.
			found := ((word - ones*' ') | ((word ^ ones*'"') - ones) | ((word ^ ones*'\\') - ones)) &^ word & highs
			if found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
			i += 8
		}
		if uint(i) >= uint(len(text)) {
			return -1
		}
		switch c := text[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i = escaped(text, i+1); i < 0 {
				return -1
			}
		case c < ' ':
			return -1
		default:
			i++
		}
	}
}

// escaped returns where an escape ends whose backslash stands before i, or -1.
func escaped(text []byte, i int) int {
	if i >= len(text) {
		return -1
	}
	switch text[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		if i+5 > len(text) {
			return -1
		}
		for _, c := range text[i+1 : i+5] {
			if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
				return -1
			}
		}
		return i + 5
	}
	return -1
}

// scalar returns where a number, true, false or null ends that begins at i, or -1.
func scalar(text []byte, i int) int {
	for _, word := range [...]string{"true", "false", "null"} {
		if text[i] == word[0] {
			if len(text)-i >= len(word) && string(text[i:i+len(word)]) == word {
				return i + len(word)
			}
			return -1
		}
	}
	if text[i] == '-' {
		i++
	}
	if i < len(text) && text[i] == '0' {
		i++
	} else if i = digits(text, i); i < 0 {
		return -1
	}
	if i < len(text) && text[i] == '.' {
		if i = digits(text, i+1); i < 0 {
			return -1
		}
	}
	if i < len(text) && text[i]|0x20 == 'e' {
		i++
		if i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		i = digits(text, i)
	}
	return i
}

// digits returns where a row of digits ends that begins at i, or -1 if there is none.
func digits(text []byte, i int) int {
	start := i
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	if i == start {
		return -1
	}
	return i
}
