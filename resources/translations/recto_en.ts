<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BatchDialog</name>
    <message numerus="yes">
        <source>{batch}: %n item(s) to capture of {items}</source>
        <translation>
            <numerusform>{batch}: %n item to capture of {items}</numerusform>
            <numerusform>{batch}: %n items to capture of {items}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BoardDecisions</name>
    <message numerus="yes">
        <source>%n step(s) are tried again.</source>
        <translation>
            <numerusform>%n step is tried again.</numerusform>
            <numerusform>%n steps are tried again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) are on hold. What runs is finished first.</source>
        <translation>
            <numerusform>%n item is on hold. What runs is finished first.</numerusform>
            <numerusform>%n items are on hold. What runs is finished first.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) go on.</source>
        <translation>
            <numerusform>%n item goes on.</numerusform>
            <numerusform>%n items go on.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) accepted.</source>
        <translation>
            <numerusform>%n check accepted.</numerusform>
            <numerusform>%n checks accepted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BoardHead</name>
    <message numerus="yes">
        <source>%n item(s) an hour</source>
        <translation>
            <numerusform>%n item an hour</numerusform>
            <numerusform>%n items an hour</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CaptureHeader</name>
    <message numerus="yes">
        <source>~%n page(s)</source>
        <translation>
            <numerusform>~%n page</numerusform>
            <numerusform>~%n pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CaptureScreen</name>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailureBanner</name>
    <message numerus="yes">
        <source>Show %n more message(s)</source>
        <translation>
            <numerusform>Show %n more message</numerusform>
            <numerusform>Show %n more messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FeederCount</name>
    <message numerus="yes">
        <source>Mark %n page(s) as missing</source>
        <translation>
            <numerusform>Mark %n page as missing</numerusform>
            <numerusform>Mark %n pages as missing</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message numerus="yes">
        <source>%n thing(s) to fill in or mend</source>
        <translation>
            <numerusform>%n thing to fill in or mend</numerusform>
            <numerusform>%n things to fill in or mend</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s): look at the marked places</source>
        <translation>
            <numerusform>%n warning: look at the marked places</numerusform>
            <numerusform>%n warnings: look at the marked places</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Complete: %n item(s)</source>
        <translation>
            <numerusform>Complete: %n item</numerusform>
            <numerusform>Complete: %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HealthStrip</name>
    <message numerus="yes">
        <source>%n step(s) held back</source>
        <translation>
            <numerusform>%n step held back</numerusform>
            <numerusform>%n steps held back</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportScreen</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) to capture</source>
        <translation>
            <numerusform>%n page to capture</numerusform>
            <numerusform>%n pages to capture</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ItemsTable</name>
    <message numerus="yes">
        <source>duplicates of %n item(s)</source>
        <translation>
            <numerusform>duplicates of %n item</numerusform>
            <numerusform>duplicates of %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>paste of %n item(s)</source>
        <translation>
            <numerusform>paste of %n item</numerusform>
            <numerusform>paste of %n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>deletion of %n item(s)</source>
        <translation>
            <numerusform>deletion of %n item</numerusform>
            <numerusform>deletion of %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProblemPanel</name>
    <message numerus="yes">
        <source>All problems (%n)</source>
        <translation>
            <numerusform>All problems (%n)</numerusform>
            <numerusform>All problems (%n)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Errors only (%n)</source>
        <translation>
            <numerusform>Errors only (%n)</numerusform>
            <numerusform>Errors only (%n)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Warnings only (%n)</source>
        <translation>
            <numerusform>Warnings only (%n)</numerusform>
            <numerusform>Warnings only (%n)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QualityScreen</name>
    <message numerus="yes">
        <source>%n page(s) need a look</source>
        <translation>
            <numerusform>%n page needs a look</numerusform>
            <numerusform>%n pages need a look</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReasonPanel</name>
    <message numerus="yes">
        <source>%n item(s) stopped for this reason.</source>
        <translation>
            <numerusform>%n item stopped for this reason.</numerusform>
            <numerusform>%n items stopped for this reason.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n attempt(s)</source>
        <translation>
            <numerusform>%n attempt</numerusform>
            <numerusform>%n attempts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Page(s) {numbers}</source>
        <translation>
            <numerusform>Page {numbers}</numerusform>
            <numerusform>Pages {numbers}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message numerus="yes">
        <source>%n capture(s) were interrupted</source>
        <translation>
            <numerusform>%n capture was interrupted</numerusform>
            <numerusform>%n captures were interrupted</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n capture(s) of {batch} / {item} from {time}</source>
        <translation>
            <numerusform>%n capture of {batch} / {item} from {time}</numerusform>
            <numerusform>%n captures of {batch} / {item} from {time}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScannerStep</name>
    <message numerus="yes">
        <source>%n scanner(s) found</source>
        <translation>
            <numerusform>%n scanner found</numerusform>
            <numerusform>%n scanners found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StationCard</name>
    <message numerus="yes">
        <source>answers, %n message(s) waiting</source>
        <translation>
            <numerusform>answers, %n message waiting</numerusform>
            <numerusform>answers, %n messages waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message numerus="yes">
        <source>%n message(s) waiting</source>
        <translation>
            <numerusform>%n message waiting</numerusform>
            <numerusform>%n messages waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SummaryPanel</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) to capture</source>
        <translation>
            <numerusform>%n page to capture</numerusform>
            <numerusform>%n pages to capture</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n existing image(s)</source>
        <translation>
            <numerusform>%n existing image</numerusform>
            <numerusform>%n existing images</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n error(s) to mend first</source>
        <translation>
            <numerusform>%n error to mend first</numerusform>
            <numerusform>%n errors to mend first</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s) to decide about</source>
        <translation>
            <numerusform>%n warning to decide about</numerusform>
            <numerusform>%n warnings to decide about</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Detail</name>
    <message numerus="yes">
        <source>All %n of this kind</source>
        <translation>
            <numerusform>All %n of this kind</numerusform>
            <numerusform>All %n of this kind</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>workplace</name>
    <message numerus="yes">
        <source>%n page(s) recovered</source>
        <translation>
            <numerusform>%n page recovered</numerusform>
            <numerusform>%n pages recovered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) put aside</source>
        <translation>
            <numerusform>%n page put aside</numerusform>
            <numerusform>%n pages put aside</numerusform>
        </translation>
    </message>
</context>
</TS>
