package bank

import "strings"

const (
	maxCells = 100 // of a row; what stands behind is not kept
	maxBreak = 20  // line breaks inside one quoted cell
)

// cells splits a text into rows of cells. encoding/csv is not used because there
// a quotation mark that is never closed swallows the rest of the file; here such
// a mark is a character like any other, and only its own row suffers.
type cells struct {
	rest  string
	delim byte
	line  int // of the row that comes next, from 1
}

// next returns the next row and the line it begins on; ok is false at the end.
// It keeps one cell more than maxCells, so that too many are noticed.
func (c *cells) next() (row []string, line int, ok bool) {
	if c.rest == "" {
		return nil, c.line, false
	}
	line = c.line
	for {
		cell, end := c.cell()
		if len(row) <= maxCells {
			row = append(row, cell)
		}
		if end {
			return row, line, true
		}
	}
}

// cell takes one cell off the rest, with what ends it; end is true where a line
// or the file ends.
func (c *cells) cell() (cell string, end bool) {
	cell, n, ok := c.quoted()
	if !ok {
		n = strings.IndexAny(c.rest, string([]byte{c.delim, '\r', '\n'}))
		if n < 0 {
			n = len(c.rest)
		}
		cell = c.rest[:n]
	}
	c.rest = c.rest[n:]
	switch {
	case c.rest == "":
		return cell, true
	case c.rest[0] == c.delim:
		c.rest = c.rest[1:]
		return cell, false
	case strings.HasPrefix(c.rest, "\r\n"):
		c.rest = c.rest[1:]
	}
	c.rest = c.rest[1:]
	c.line++
	return cell, true
}

// swallows reports whether a cell of several lines holds what looks like another
// row: a day in one of the first cells of a line. Then the mark that ends it
// belongs to that row, and the one that begins it was never closed.
func (c *cells) swallows(cell string) bool {
	lines := strings.Split(cell, "\n")
	for _, line := range lines[1:] {
		parts := strings.SplitN(line, string(c.delim), 4)
		for _, part := range parts[:min(3, len(parts)-1)] {
			if _, rest, ok := when(part); ok && rest == "" {
				return true
			}
		}
	}
	return false
}

// quoted reads a cell in quotation marks and says how long it is in the text. It
// fails at once on a mark that neither ends the cell nor is doubled, so that all
// attempts together read the text about twice.
func (c *cells) quoted() (cell string, n int, ok bool) {
	s := c.rest
	if s[:min(1, len(s))] != `"` {
		return "", 0, false
	}
	for n = 1; ; n++ {
		i := strings.IndexByte(s[n:], '"')
		if i < 0 {
			return "", 0, false
		}
		n += i + 1
		if n < len(s) && s[n] == '"' {
			continue
		}
		break
	}
	inner := s[1 : n-1]
	breaks := strings.Count(inner, "\n")
	for n < len(s) && s[n] == ' ' && c.delim != ' ' {
		n++
	}
	if breaks > maxBreak || c.swallows(inner) || n < len(s) && s[n] != c.delim && s[n] != '\r' && s[n] != '\n' {
		return "", 0, false
	}
	c.line += breaks
	return strings.ReplaceAll(inner, `""`, `"`), n, true
}
