package judge

import (
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"strconv"
)

// What follows goes through JSON that the history's reader has checked already, and takes from it what is asked for. It is
// most of what judging costs. Given something else it finds less, or nothing; it does not fail.

// members calls each with the name and the value of every member of an object, in their order, until it returns false. Names
// are as they are written, without their quotes.
func members(object []byte, each func(name, value []byte) bool) {
	i := blank(object, 0)
	if i >= len(object) || object[i] != '{' {
		return
	}
	for i++; ; i++ {
		if i = blank(object, i); i >= len(object) || object[i] != '"' {
			return
		}
		end := endOfText(object, i+1)
		if end < 0 {
			return
		}
		name := object[i+1 : end-1]
		if i = blank(object, end); i >= len(object) || object[i] != ':' {
			return
		}
		from := blank(object, i+1)
		if end = endOfValue(object, from); end < 0 || !each(name, object[from:end]) {
			return
		}
		if i = blank(object, end); i >= len(object) || object[i] != ',' {
			return
		}
	}
}

// elements calls each with every element of a list.
func elements(list []byte, each func(value []byte)) {
	i := blank(list, 0)
	if i >= len(list) || list[i] != '[' {
		return
	}
	for {
		from := blank(list, i+1)
		end := endOfValue(list, from)
		if end < 0 {
			return
		}
		each(list[from:end])
		if i = blank(list, end); i >= len(list) || list[i] != ',' {
			return
		}
	}
}

// member returns the value of a member, or nil.
func member(object []byte, name string) (found []byte) {
	members(object, func(n, value []byte) bool {
		if string(n) == name {
			found = value
		}
		return found == nil
	})
	return found
}

// text is the content of a JSON text, part of the given bytes unless something in it is escaped; nil if the value is none.
func text(value []byte) []byte {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return nil
	}
	inner := value[1 : len(value)-1]
	for _, c := range inner {
		if c == '\\' {
			var s string
			if json.Unmarshal(value, &s) != nil {
				return nil
			}
			return []byte(s)
		}
	}
	return inner
}

// whole is a whole number, or 0.
func whole(value []byte) int {
	n, err := strconv.Atoi(string(value))
	if err != nil {
		return 0
	}
	return n
}

// yes says whether a value is true.
func yes(value []byte) bool { return string(value) == "true" }

// blank returns where the next byte is that is no white space.
func blank(text []byte, i int) int {
	for i < len(text) && text[i] <= ' ' {
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
