/** What experiments come to, for people: verdicts, figures, a page that can be read without a network. */
package io.hopscope.scenarios.report;
