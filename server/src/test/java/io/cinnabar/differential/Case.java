package io.cinnabar.differential;

import java.util.List;

/** Some lines of a case file that run against an empty data set, on connections of their own. */
record Case(String file, int line, String title, List<Step> steps) {}
