/** What a scenario has looked at while it runs, as a table and as figures. */
package io.hopscope.scenarios.watch;
