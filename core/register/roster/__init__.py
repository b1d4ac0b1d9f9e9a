"""The 19-column roster (采集表): its template, reading it, judging every row, applying all of it or nothing, and exporting."""
