package verdict

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain makes one printable line of any text: white space becomes single spaces, and what a terminal might obey, such as
// an escape sequence in a container's output, becomes visible.
func plain(text string) string {
	visible := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, text)
	return strings.Join(strings.Fields(visible), " ")
}

// length is the number of columns that a plain text takes on a terminal; characters of double width count as one.
func length(text string) int { return utf8.RuneCountInString(text) }

// clip shortens a plain text to a number of columns and shows that with an ellipsis.
func clip(text string, columns int) string {
	if length(text) <= columns {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:columns-1]), " ") + "…"
}

// pad fills a plain text up with spaces.
func pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-length(text)))
}

// wrap breaks a plain text into lines of at most so many columns, between words where it can; a longer word, such as a
// path, gets a line of its own and is left whole. What would take more lines than most ends with an ellipsis.
func wrap(text string, columns, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case length(line)+1+length(word) <= columns:
			line += " " + word
		case len(lines) == most-1:
			return append(lines, line+" …")
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
