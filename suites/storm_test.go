package suites_test

// The storm is no section of the documents. Its spec is there only if make chaos asks for it.
import _ "github.com/jobproof/jobproof/suites/storm"
