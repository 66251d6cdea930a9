// Package kubectl reads what kubectl prints, so that specs can ask about columns, fields and lines instead of comparing
// whole outputs.
package kubectl
