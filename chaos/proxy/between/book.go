package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jobproof/jobproof/chaos/proxy/rules"
)

// What a rule's file is called, and the file beside it that says how many requests it has picked.
const (
	ruleFile  = ".json"
	tallyFile = ".picked"
)

// book is the folder of the rules. It is read for each request: there are few, and so what stands there holds from the next
// one on.
type book struct {
	dir string

	mu     sync.Mutex
	picked map[string]int // by the file's name
}

// pick returns the first rule that picks a request and has not picked all it may, and counts it; nil if there is none.
func (b *book) pick(q *rules.Request) *rules.Rule {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, rule := range b.read() {
		if !rule.Picks(q) || rule.Times > 0 && b.picked[name] >= rule.Times {
			continue
		}
		b.picked[name]++
		tally := filepath.Join(b.dir, strings.TrimSuffix(name, ruleFile)+tallyFile)
		if err := os.WriteFile(tally, []byte(strconv.Itoa(b.picked[name])), 0o644); err != nil {
			log.Print(err)
		}
		return rule
	}
	return nil
}

// delay is by how much the rules of this moment hold up what a watch tells.
func (b *book) delay(q *rules.Request) (longest time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, rule := range b.read() {
		if rule.Verb == "watch" && rule.Code == 0 && rule.Picks(q) {
			longest = max(longest, rule.Delay)
		}
	}
	return longest
}

// read returns the rules by the names of their files. What is no rule is told and left out.
func (b *book) read() map[string]*rules.Rule {
	entries, err := os.ReadDir(b.dir)
	if err != nil {
		log.Print(err)
	}
	all := map[string]*rules.Rule{}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ruleFile) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(b.dir, entry.Name()))
		rule := new(rules.Rule)
		if err == nil {
			err = json.Unmarshal(text, rule)
		}
		if err != nil {
			log.Printf("rule %s: %v", entry.Name(), err)
			continue
		}
		all[entry.Name()] = rule
	}
	return all
}
