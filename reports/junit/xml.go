package junit

import (
	"encoding/xml"
	"strconv"
	"time"
)

// The elements that the usual readers of JUnit XML know; there is no binding schema. Properties of cases are read by
// those that follow pytest.

type testsuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	counts
	Time      string      `xml:"time,attr"`
	Timestamp string      `xml:"timestamp,attr,omitempty"`
	Suites    []testsuite `xml:"testsuite"`
}

type testsuite struct {
	Name string `xml:"name,attr"`
	counts
	Time       string     `xml:"time,attr"`
	Timestamp  string     `xml:"timestamp,attr,omitempty"`
	Properties []property `xml:"properties>property"`
	Cases      []testcase `xml:"testcase"`
}

type testcase struct {
	Name       string     `xml:"name,attr"`
	Class      string     `xml:"classname,attr"`
	File       string     `xml:"file,attr,omitempty"`
	Time       string     `xml:"time,attr"`
	Properties []property `xml:"properties>property"`
	Failure    *outcome   `xml:"failure"`
	Error      *outcome   `xml:"error"`
	Skipped    *outcome   `xml:"skipped"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type outcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// counts are how many cases there are, and how many of them are not proven, by what they count as.
type counts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

func (c *counts) add(other counts) {
	c.Tests += other.Tests
	c.Failures += other.Failures
	c.Errors += other.Errors
	c.Skipped += other.Skipped
}

// counts counts the one case.
func (c testcase) counts() counts {
	one := counts{Tests: 1}
	switch {
	case c.Failure != nil:
		one.Failures = 1
	case c.Error != nil:
		one.Errors = 1
	case c.Skipped != nil:
		one.Skipped = 1
	}
	return one
}

// seconds writes a time as readers expect it, in seconds with three decimals.
func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) }

// stamp writes a time in UTC without a zone, which is the only form that strict readers accept. The zero time is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05")
}
