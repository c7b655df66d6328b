<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Recto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registry and logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a sheet of paper to a bag whose bytes are proved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Agenda</name>
    <message>
        <source>Read the items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the batches</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AppearanceBlock</name>
    <message>
        <source>Large type, to be read from 1.5 m</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More contrast</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BatchDialog</name>
    <message>
        <source>Choose a batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batches</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{batch}: %n item(s) to capture of {items}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Capture this batch</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BatchFields</name>
    <message>
        <source>Colour (sRGB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour (Adobe RGB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour (eciRGB v2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names the batch; letters, digits, - and _.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Institution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who owns the material.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Collection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the items belong to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Captures the pages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make and model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stands in every page&apos;s record.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution (dots per inch)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of all items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where an item says nothing else; several joined by +.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rights of all items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where an item says nothing else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bag profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which archive the bags suit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (simulated)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>change of {field}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label} (needed)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BoardDecisions</name>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify {item}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send work to the workers</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) are tried again.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) are on hold. What runs is finished first.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) go on.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) accepted.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BoardHead</name>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which items are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for an item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} items proved</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) an hour</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>time left not known yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BoardScreen</name>
    <message>
        <source>No batch yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The items of a batch are shown here, from the first page to the proved copy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why are the pages of {item} good enough? The reason goes into its history.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why is {item} held back? What runs of it is finished first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why is the batch held back? What runs of it is finished first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BoardSource</name>
    <message>
        <source>Read the board</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BoardView</name>
    <message>
        <source>Board: items by steps</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CaptureHeader</name>
    <message>
        <source>Next file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next file {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>~%n page(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>page {page} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page {page} of ~{expected}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{pages} pages an hour</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CaptureRuns</name>
    <message>
        <source>Begin a run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End the run</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CaptureScreen</name>
    <message>
        <source>Nothing to capture yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a list of items first; then their pages are captured here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No batch is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the batch whose pages you want to capture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All items of this batch are captured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The workers go on with them. The board shows how far they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner is being connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A page is being captured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The manifest wins over the profile: {values}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a scanner first</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CheatSheet</name>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CheckModel</name>
    <message>
        <source>Verdict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConnectionTest</name>
    <message>
        <source>Test connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test connection: {endpoint}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Works</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The broker took a message and gave it back, in {seconds} s. Version: {server}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recto&apos;s own broker runs. Nothing needs to be set up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recto&apos;s own broker starts with the workers. Nothing needs to be set up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database answers in {seconds} s, may be written to, and has Recto&apos;s records.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The database can be used. Recto&apos;s tables are made when it starts there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A small file was written, read back and removed, in {seconds} s. {free} GB are free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key was accepted, an upload was begun and abandoned, in {seconds} s. No object was made: a bucket may keep whatever it was once given.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConnectionsStep</name>
    <message>
        <source>Connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A single station needs none: Recto brings its own broker, and bags go to the folder you chose. A site names its servers in the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Broker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage: {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CopiesPanel</name>
    <message>
        <source>Stored copies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the verification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no bag yet. Its copies are listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CreatedPlace</name>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its first item waits for you at the scanner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes to the workers; the board shows how far they are.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CropBar</name>
    <message>
        <source>Left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw over the preview what shall be captured, or write it in millimetres.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole glass</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DetailPanel</name>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Way of the item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing stands in the way of this step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No worker of this machine has written about this step.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DetailsPage</name>
    <message>
        <source>Keep as scan profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to how it was</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set every option as it was when the device was opened first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The options of the device are being read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{option}: asked {asked}, got {got}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set as “{name}” says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The options were set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every option is as it was at first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New profile</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Technical details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offline since {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{state}: {work}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check its power and its cable, then look again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect the disk or the share that the folder is on, then look again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeviceDirectory</name>
    <message>
        <source>Looking for scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noting the test scan</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Let go to open the manifest</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FailureBanner</name>
    <message>
        <source>Show the newest message only</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Show %n more message(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put this message away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FeederCount</name>
    <message>
        <source>Count</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan the rest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The count is right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected {expected}, got {got}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for sheets that stayed behind or went in together. All pages that came are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Mark %n page(s) as missing</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>More pages came than the list announces. Discard what does not belong here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Look whether Recto is set up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note that the set-up was shown</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstRunGuide</name>
    <message>
        <source>Set up Recto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip this step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture the sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without the sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step {number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FolderChoice</name>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose: {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not write there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nearly full: {free} GB free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Little room: {free} GB free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} GB free</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoldersBlock</name>
    <message>
        <source>Watched folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders that other capture software writes page images into.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of another one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the watched folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A watched folder needs a name.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FoldersStep</name>
    <message>
        <source>Folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A page of A4 in colour at 600 dpi takes about 100 MB. What is proposed can stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages at work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Masters and everything made of them, until an item is stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished bags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder or a mounted share. An S3 bucket can be named in the settings.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>Needed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message>
        <source>New manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the bag profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) to fill in or mend</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s): look at the marked places</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Complete: %n item(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FormState</name>
    <message>
        <source>Checking the form</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GraphView</name>
    <message>
        <source>Way of the item</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GrowingPage</name>
    <message>
        <source>Show the page as it arrives</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HealthStrip</name>
    <message>
        <source>Workers and queues</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers are not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>oldest waits {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{queue}: no worker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{queue}: {number} waiting</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImportController</name>
    <message>
        <source>Reading {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creating the batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending {batch} to the workers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ImportScreen</name>
    <message>
        <source>Undo {step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo {step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The manifest in the form is not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the sample batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export with a Problems column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All problems seen: back at the first one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) to capture</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Check again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with that batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written: {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remembering the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for the files opened last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One manifest at a time: only {name} was opened.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemDesk</name>
    <message>
        <source>Read the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep page {number}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemFlow</name>
    <message>
        <source>Hand over {item}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send {batch} on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{item} is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show page {page}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemList</name>
    <message>
        <source>Items of the batch</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemsModel</name>
    <message>
        <source>Id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>change of item {number}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemsTable</name>
    <message>
        <source>Items of the batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>duplicates of %n item(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>paste of %n item(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>deletion of %n item(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>KeepAwake</name>
    <message>
        <source>Pages are being captured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the station awake</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer cannot be kept awake; see that it does not sleep while pages are scanned.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the station sleep</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyForm</name>
    <message>
        <source>Keep in the keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget the key of {target}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for a keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Access key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key in the keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key from the environment or AWS&apos;s own files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys cannot be kept here: {reason} Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for Recto and its workers instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key has two halves. Enter both.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeyModel</name>
    <message>
        <source>Screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeysBlock</name>
    <message>
        <source>New key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ordinary key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All keys as they were</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an action, then press the key it is to have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New key for “{action}”:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{action}” has this key. If you use it here, “{action}” has none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LabelsDialog</name>
    <message>
        <source>Label pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the pages will be called</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;From page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;To page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page {page}: {label}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LanguageBlock</name>
    <message>
        <source>Language of the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs a restart of Recto</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LanguageChoice</name>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the desktop</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LearnKeyDialog</name>
    <message>
        <source>The pedal&apos;s key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the pedal once. Any other key can be taken, too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pedal sends: {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is also the key of “{action}”. While the pedal is armed, the key captures and does not reach “{action}”.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LinkedViewers</name>
    <message>
        <source>Left page image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right page image</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LookStep</name>
    <message>
        <source>Language and theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How Recto looks to you. Images stand on neutral grey in every theme.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Large type, to be read from 1.5 m</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language changes when Recto is started the next time.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MemoryKeeper</name>
    <message>
        <source>Recall the last shift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go to</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NewTarget</name>
    <message>
        <source>Add a storage target</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>vault</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>/mnt/archive or s3://bucket/prefix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only for S3 services other than Amazon&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder or address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S3 server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A name has letters, digits, - and _; batches refer to the target by it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a target of this name already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where do the bags go? Give a folder or an address.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoDevices</name>
    <message>
        <source>Looking for scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network scanners may take up to half a minute to answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No scanner was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch the scanner on, check its cable and look again. Or use a simulated scanner: everything works with it, and its pages are marked as simulated everywhere.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NumberEditor</name>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OptionEditor</name>
    <message>
        <source>Set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the device choose</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an option to see and set it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OptionTree</name>
    <message>
        <source>Options</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Option</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Station and devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for scanners: {count} found so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} found</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OwnDevices</name>
    <message>
        <source>Locked: {variable} decides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a device</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageCommands</name>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark a missing page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interleave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interleave fronts and backs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backs begin with page {page}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Was the whole stack turned over, so that the back of the last sheet came first?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turned as a stack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the order of the fronts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page images ({kinds})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add image files</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageImages</name>
    <message>
        <source>Look at {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PagePanel</name>
    <message>
        <source>Simulated: no paper was scanned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong with the page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This item is held</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the check found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checks of the page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs a look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No objection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The checks run when the item is marked done. Look at the page itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page has not been checked yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bits} bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Depth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PagePlace</name>
    <message>
        <source>Read the colour profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a page</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageRetake</name>
    <message>
        <source>Capture page {page} again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner is in use; try again when it has finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page {page} has a new image; the item goes on</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Broker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profiles are made with the scanner beside you, on the Devices screen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A foot pedal is a keyboard with one key. It is learnt in the capture workspace, where it is armed and disarmed too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learn the pedal&apos;s key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How files are named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages are numbered in the order of the item: 0001.tif, 0002.tif. An item&apos;s bag has the name of its institution, batch and item. The manifest says what batches and items are called, so that names here and in your catalogue are the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A page is arriving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width} x {height} px</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Find an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Letters of an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No action has these letters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}” cannot be done now.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PathEditor</name>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose: {setting}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PersonalChoices</name>
    <message>
        <source>Keep your choices</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemModel</name>
    <message>
        <source>Place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemPanel</name>
    <message>
        <source>Which problems are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems of the manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>All problems (%n)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Errors only (%n)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Warnings only (%n)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileBook</name>
    <message>
        <source>Reading scan profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving the scan profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removing the scan profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProfileChips</name>
    <message>
        <source>Scan profile {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProfileDialog</name>
    <message>
        <source>Scan profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;For</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Option</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options that the profile sets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the profile a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a profile of this name already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose at least one option.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key} stands for “{name}” now. It will stand for this profile instead.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProfileLines</name>
    <message>
        <source>There are none yet.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProfilesDialog</name>
    <message>
        <source>Scan profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no scan profile yet. Open the technical details of a scanner, set it as you need it, and keep that as a profile. In the capture workspace its key sets the scanner at once.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QualityScreen</name>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which pages are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page to look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page of this item is here yet, or none that is shown with this choice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its number stays free, should it turn up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is not here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its master was released, or lies on another machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to look at yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages come here as soon as they are captured. Start with the first item.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the batches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{item} · page {position} of {pages} · {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>earlier capture of page {label}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left: {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both pages move together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each page moves alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept {item}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{item} goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A page is being captured again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReasonPanel</name>
    <message>
        <source>The chosen step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an item or a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its reason, its way, its stored copies and its log are shown here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) stopped for this reason.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n attempt(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>started {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>took {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next attempt in {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Page(s) {numbers}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Interrupted captures</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n capture(s) were interrupted</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Recto ended while pages were being captured. Whole pages are safe on the disk. Discarded pages are put aside, not erased.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recover</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep for later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n capture(s) of {batch} / {item} from {time}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RejectBar</name>
    <message>
        <source>Why is this page rejected?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel  Esc</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Reviewing</name>
    <message>
        <source>Read the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Judge page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for the earlier capture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept {item}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SampleStep</name>
    <message>
        <source>Capture a sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two items with twelve pages in all, drawn by the simulated scanner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How it goes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space captures a page. It is on disk before you see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backspace takes the page again. The first one is kept aside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter ends the item. It goes on by itself: checks, text, bag, storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The question mark shows all keys, at any time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the sample batch</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ScannerStep</name>
    <message>
        <source>Scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both choices work to the end. You can change your mind on the Devices screen any time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A scanner of this station</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The simulated scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanners that were found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recto draws the pages itself: for practice, without a scanner and without paper.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for scanners…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n scanner(s) found</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>None found. Switch it on, connect it, and search again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember the scanner</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ScannerTroubles</name>
    <message>
        <source>Choose other settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SecondWindow</name>
    <message>
        <source>Page</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Needs a restart of Recto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset: {setting}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take this setting out of the file, so that the ordinary value holds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Locked: {variable} decides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot be changed while Recto runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsSaving</name>
    <message>
        <source>Save settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Search settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SheetTable</name>
    <message>
        <source>Cells of the manifest</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One sheet a press</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page is in view.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No item is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the manifest asks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a part of {width} x {height} mm is captured.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SimulatedBlock</name>
    <message>
        <source>Simulated scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For practice and trials. Their pages are marked as simulated wherever they go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of another one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the simulated scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of the simulated scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any number of sheets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> sheets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets in its feeder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a simulated scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A simulated scanner needs a name.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StationCard</name>
    <message>
        <source>Station</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Room for pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Broker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nobody named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>being looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>answers, %n message(s) waiting</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StationLink</name>
    <message>
        <source>Workers are not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers are starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers are ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers of the site</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send work to the workers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the workers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look how the station is</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Station</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free disk space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) waiting</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Look at the disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only {size} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not reachable</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SummaryPanel</name>
    <message>
        <source>Capture at this desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send to the workers at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You capture the pages here; each item goes on its way when you mark it done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The station&apos;s workers capture the pages by themselves, such as from a loaded feeder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bag profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Goes to</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) to capture</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n existing image(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Changed on disk: check again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This batch exists already</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n error(s) to mend first</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s) to decide about</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Ready to be created</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SwitchEditor</name>
    <message>
        <source>On</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TargetBlock</name>
    <message>
        <source>Bags go to {folder} as long as no target is named here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this target</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the storage target {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the storage target {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bags that are stored there stay. Batches that name it cannot be uploaded until it is back. Its access key is taken out of the keyring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TextEditor</name>
    <message>
        <source>left to Recto</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ThumbnailStrip</name>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>Removing the test scan</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrialPage</name>
    <message>
        <source>How much of the page has come</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A test scan belongs to no item. It is thrown away when you leave this page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test scan: {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page came whole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour and depth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>test scan, {facts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UndoStacks</name>
    <message>
        <source>Undo or redo: {step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo {step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo {step}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Opened last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a manifest here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A manifest is the list of what is to be digitised: CSV, Excel, JSON or YAML. Every row is checked, and nothing is created while something is wrong with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open {name} again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WordsEditor</name>
    <message>
        <source>one a line</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>Ready for the first page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the page in place, then press {key}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its number stays free. If it turns up, capture it here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This item is not captured here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its images exist already, or it is captured without an operator.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This item is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pages are on their way. See them in Quality, or go on with the next item.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether the pedal captures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Items of the batch</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Detail</name>
    <message>
        <source>Reason, for the batch&apos;s history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why this warning may stand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decide about all warnings of this kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decide again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a problem, or press F8 to go from one to the next.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>All %n of this kind</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_FileBar</name>
    <message>
        <source>Progress of reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} items checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>Find an action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the page in a second window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Large type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the newest message away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set Recto up step by step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a report about a problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Recto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close Recto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try step again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try item again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try all with this reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept with a reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold the whole batch back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the whole batch go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify bag and copies now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the item&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next item that needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous item that needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for an item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the way of the item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the stored copies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the log of the step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read the board again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the workers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retake this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Item done, go to the next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview and crop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insert before this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark a missing page after this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move this page earlier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move this page later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interleave fronts and backs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add image files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the view left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn the view right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit to the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom 100 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom 50 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom 25 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arm or disarm the pedal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Teach the pedal&apos;s key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound at each page on or off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the scan profile on this key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Technical details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the test scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a simulated scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let this warning stand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export with a Problems column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create the batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with the batch that exists</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start capturing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See the batch on the board</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put this manifest away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the sample batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill in a form instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add an item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate the items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste rows as items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo in the form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo in the form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save and import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the verdict back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture this page again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept the held item with a reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next page that needs a look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show other pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare two pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move compared pages together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the loupe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show pages as a grid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom to 100 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom to 50 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>100 % at the pointer, and back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>board</name>
    <message>
        <source>{done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} p.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} parts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read back whole: every byte is equal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage told the right checksum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage told the right checksum of all parts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the size is proved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read back, and it was not equal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is proved yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verified now: every byte is equal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verified now: not proved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag that was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All items</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On hold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture and describe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deliver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} attempts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images and text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bags and uploads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{worker} answered {time} ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proof</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the manifest asks for is checked against this station.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages become masters, and each is read back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Technical metadata, quality checks and viewing copies of each page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggestions for language, dates and key phrases.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text of each page is read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The searchable PDF and the text of the whole item.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages and metadata are packed into a bag.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag is sent to every storage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stored bytes are read back and proved equal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tries again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>box</name>
    <message>
        <source>Capture this page again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put page {label} ({name}) in place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The old image is kept aside. The item goes on by itself with the new one, which is checked again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>capture state</name>
    <message>
        <source>No scanner chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>closing</name>
    <message>
        <source>Close Recto?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something is not finished:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stay</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>devices</name>
    <message>
        <source>Test scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose other settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the driver again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not ready yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use by another program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warming up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Still warming up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transport lock is on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release the lock, then continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Went away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May not be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feeder empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load sheets, then continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper jam</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the sheet out, then continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two sheets at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Separate the sheets, then continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cover open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close cover, then continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did nothing for too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Driver stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Driver did not come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanner software is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings do not fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Station is set up wrongly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page came incomplete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown kind of image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disk is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room, then continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped at the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulated: Recto draws the pages itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SANE&apos;s test device: draws test pictures, scans no paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder that a camera writes into</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Real scanner, driver {backend}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The driver {driver} did not answer in time. If it is only slow, allow it more time under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The driver {driver} stopped while it looked. Look again, or leave it out under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The driver {driver} is named in the settings and is not installed. Install it, or leave it out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The host {driver} offers no scanner, or does not answer. Look whether it is switched on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not all drivers answered in time. Look again, or allow more time under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SANE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recto draws these pages itself. They are no scans of anything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The simulated scanner “{name}” was added to the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adding a simulated scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No test scan yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last test scan {time}: {facts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>resolution not told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>black and white, 1 bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colour, {bits} bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gray, {bits} bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width} x {height} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width} x {height} mm</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retake</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Captured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{bits} bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Depth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>black and white</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gray, ICC profile gray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colour, ICC profile {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pure white</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pure black</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Collection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Institution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>failures</name>
    <message>
        <source>A step could not be done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was changed by it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the details, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An item&apos;s description cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No bag was made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the value that is named below in the manifest, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show on the board</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An image is not as it must be</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page was made from it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the details, then capture the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An image is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture the page again, or put an undamaged file in its place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An image could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page is not shown. Its file was not touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the page again. If it happens twice, capture the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recto does not read this kind of image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file was not taken in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save it as TIFF, JPEG or PNG and add it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add another file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quality profile cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page was checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mend the file, or choose a profile that comes with Recto.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such quality profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a profile that comes with Recto, or the path of your own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An image is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan with a lower resolution or in parts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose other settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A page did not come whole onto the disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page was made from it. The pages before it are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A page on the disk is not what the scanner delivered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page does not count. The pages before it are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture the page again. If it happens again, have disk and memory checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a page of this name already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page that is there was left as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the item and see which page is right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A copy is not the same as its original</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The copy was thrown away. The original is untouched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again. If it happens again, have the disk checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This colour profile is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a known colour profile in the manifest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part of Recto is not installed here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The step waits. Nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the part that is named below installed, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page images are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again. Look at the details if it happens again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program that reads text is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item waits before its text is read. Nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have Tesseract installed (Debian: tesseract-ocr), then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language of the text is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the language installed that is named below, or choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text of a page could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page image is kept. The item waits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the page. Capture it again if it is bad, else try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the text of a page took too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the page. Allow more time under Settings if it is good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text of a page came in a wrong form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again. If it happens again, save a report.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The PDF does not keep the archive&apos;s rules</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The PDF was not kept. The pages are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag could not be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pages are kept. No bag was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something may not go into a bag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the file that is named below out, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file for the bag is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the file back, or capture the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file for the bag was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the file back from a copy, or capture the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag&apos;s labels do not keep the profile&apos;s rules</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the tags in the manifest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This bag profile is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was created.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a known bag profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recto cannot write bags of this profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another bag profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sheet with the bags&apos; labels cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the sheet, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a bag of this name already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag that is there was left as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find out which of the two is right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This folder is a bag already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was left as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder with the files instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No bag was made. The pages are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check free space and rights of the folder, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is known about its contents.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the disk and the rights of the file, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag is not valid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It must not be counted as stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the details. Have the bag made again from its pages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The manifest cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save it as CSV, XLSX, JSON or YAML and import it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the manifest again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a manifest: a CSV, XLSX, JSON or YAML file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The manifest may not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have reading allowed, or copy the file to a folder of yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a file of this name already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file that is there was left as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This manifest is no spreadsheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sheet was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a CSV or XLSX manifest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history could not be signed or checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was signed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This station&apos;s signing key is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was signed. Bags that were signed before stay valid.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the key brought back from its backup, or a new one made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others can read this station&apos;s signing key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was signed: whoever can read the key can sign in this station&apos;s name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the rights of the key file corrected, or a new key made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A public key cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The signature was not checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the institution that made the bag for its public key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A public key is needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get the institution&apos;s public key by another way than the bag, and name it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The registry refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The registry cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was changed. Pages on the disk are safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check free space and rights of its folder, or the connection to the database.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The registry was written by a newer Recto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have Recto brought up to date on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a batch from the board.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the board</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such item in this batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an item from the board.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a batch of this name already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The batch that is there was left as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with that batch, or give this one another name in the manifest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history of a batch was changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The history proves nothing any more from the place that is named below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep everything as it is and call those who look after Recto.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else took this work over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was written twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing needs doing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pages of this item were released</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring the pages back from the stored bag first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pages could not be changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item is as it was. Every captured page is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This item is not at the desk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an item that is still to be captured. Pages of this one are retaken in Quality.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A scan of this item is still under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until the scanner has finished, or stop it. Then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page is no longer in the item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the pages as they are now, and choose again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file of a page is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item is as it was. Every other page is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fronts and backs do not fit together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for the page that is too many or missing. Mark a missing one, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no page label of its kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write 1 for arabic, i or I for roman, 1r or 1v for folios. Or choose custom for any text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Label again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file cannot become a page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No file was taken in. The item is as it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use TIFF, JPEG, PNG or JPEG 2000 files that open whole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose other files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages of this item are not ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item stays at the desk. Every captured page is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture the pages again that are named below, or discard them. Then mark the item done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open capture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner reported an error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page was not captured. The pages before it are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the scanner, then scan the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was scanned.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check that it is switched on and that its cable is plugged in, then look for scanners again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner is in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was scanned. The page waits for the scanner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs that use the scanner. If there are none, switch it off and on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The lamp is warming up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was scanned yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait a minute. Nothing else is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner&apos;s transport lock is on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was scanned: the carriage cannot move.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release the lock, usually a screw or slider under the scanner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock released</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner went away</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check cable, power and network. Then connect again and scan the page once more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This scanner may not be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask for the right to use it: on Debian, membership of the group “scanner”. Or enter its name and password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feeder is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page was captured by this scan.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the next sheets, then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets loaded, go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A sheet is stuck</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the sheet out, smooth it and put it back on top. Then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheet removed, go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two sheets went in at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take both sheets out, separate them and put them back on top. Then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets separated, go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The cover is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the cover, then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cover closed, go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner did nothing for too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the scanner. If it is only slow, allow it more time under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner&apos;s driver stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page was not captured. The pages before it are kept. Recto itself goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan the page again: the driver is started afresh.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start the driver again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner&apos;s driver did not come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan the page again. If that does not help, switch the scanner off and on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner software is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanners connected to this computer cannot be used. Simulated scanners can.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have libsane installed (Debian: libsane1 and sane-utils), then look for scanners again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The connection to the scanner failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check cable and power, then scan the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory for this scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a lower resolution or a smaller area, or close other programs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner cannot do what the settings ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was scanned with these settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another value, or another scan profile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file of scanner peculiarities cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No scanner connected to this computer is opened: it might be misunderstood.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the file mended, or take it out of the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The description of a simulated scanner cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This scanner cannot be simulated.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take it out of the settings, or have its description written anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page did not arrive whole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The incomplete page was thrown away. The pages before it are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner sends a kind of image that Recto does not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another mode or bit depth.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no room for the page on the disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page was thrown away, nothing half-written stays. The pages before it are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room on the disk, then scan the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Room made, scan again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scan was stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page that was being scanned is void. The pages before it are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan the page again when you want to go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage reported an error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The upload waits and is tried again by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If it stays, check the connection under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address of the storage cannot be understood</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was uploaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the address under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uploads wait. Parts that arrived are not sent again. Capturing goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing needs doing if the network comes back. Otherwise check the connection under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage refuses the access (403)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was stored. Trying again with the same key cannot help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter the right access key under Settings, or have its rights corrected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter the access key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No access key for the storage was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter the access key under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The access to the storage has expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The upload waits. Parts that arrived are not sent again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log in to the storage again, then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such bucket in the storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the spelling of the bucket under Settings. Recto makes no buckets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer&apos;s clock is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was stored: the storage takes only requests with the right time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the clock set, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clock set, try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data was damaged on its way to the storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The damaged part was not stored and is sent again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If it happens often, have network card, cable or proxy checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The storage refuses the bag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reason is told below. Mend it, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no room in the storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was stored, and nothing half-written stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have room made, or writing allowed. Then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Room made, try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something else is stored under this name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is stored was left as it is. This bag was not stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find out which of the two is right, then store this one under another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stored copy is not what was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This copy does not count. The bag here is still good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the bag here and have the storage checked, then upload again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stored copy is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This copy does not exist. The bag here is still good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload the bag again and find out who removed it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Upload again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bag changed before it was uploaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The upload was given up. Nothing was stored from the changed bag.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the bag checked, and made again from its pages if it is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The upload cannot be recorded here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The upload was stopped. Parts that arrived stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room on this computer&apos;s disk, then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Room made, go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The batch cannot go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished work is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was started, read or written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the setting that is named below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The work queue cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capturing goes on. Finished items wait here and are sent when the queue is back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the network and the address of the broker under Settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keyring gives no access keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No access key was read, kept or sent. Nothing else was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock the keyring of your session, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This session has no keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log in to a desktop session that has a keyring, or have the access keys set for this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another Recto on this computer holds what is needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the other one or wait for it, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No batch can be made from this manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct the problems in the manifest, then import it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A program that this step needs is not installed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item waits at this step. Nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the program that is named below installed, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An image that the manifest names is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item waits. No page of it was taken in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the images back where the manifest names them, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images are back, try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is nearly full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item waits. Nothing was captured that could not be kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room, or choose a larger disk under Settings. Then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next sheet is needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pages captured so far are kept and are not scanned again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the next sheet on the glass, then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheet is there, go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The capture ended in the middle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pages that arrived whole are kept. Nothing was scanned a second time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the sheet of the page that is missing on top of the rest, or on the glass. Then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feeder ran empty too early</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the missing sheets into the feeder, then go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The scanner does not deliver what the manifest asks for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page was kept that does not fit the manifest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another scanner, or correct resolution or settings in the manifest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages did not pass the quality checks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The item is held. Its pages are kept as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the pages: accept them with a reason, or send them to retake.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A page&apos;s file is not as it was captured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was made from the changed file. No bag was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the file back from a copy. If there is none, capture the page again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A step took longer than allowed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The step is tried again by itself. Finished steps are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If it happens again, look at the item on the board.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was finished before is kept. Nothing half-written counts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the free space and the rights of the folder, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recto ended unexpectedly when it ran last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Captured pages are on the disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on working. If it happens again, save a report and send it to those who look after Recto.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong inside Recto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The step stands still. Finished work is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again. If it happens again, save a report and send it to those who look after Recto.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>importing</name>
    <message>
        <source>Open a manifest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manifests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a file {name} already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is in it will be lost when you replace it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>items</name>
    <message>
        <source>Retake</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not captured here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Current</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>labels</name>
    <message>
        <source>Arabic: 1, 2, 3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roman: i, ii, iii</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folios: 1r, 1v, 2r</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As I write it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a number, such as 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a roman number, such as i or XII.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a folio with its side, such as 1r or 12v.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write what stands on the page.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>manifest</name>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let stand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {row}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line {line}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>options</name>
    <message>
        <source>Yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dpi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>µs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes or no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} numbers: {first} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {least} to {most} in steps of {step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {least} to {most}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One of: {choices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} of: {kind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not in use with these settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>set at the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>can be automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pressed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device chooses: {value} now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asked {asked}, got {got}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set to {value}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retake</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arriving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page {label}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page {label}, {state}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>pedal</name>
    <message>
        <source>No pedal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedal off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedal armed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedal rests</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quality</name>
    <message>
        <source>Skew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Crop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Foreign object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File unchanged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image opens whole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image is complete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One image in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something on the page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blown highlights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocked shadows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Streaks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper white</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Even light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanned once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As sharp as its neighbours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retake</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No page yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs a look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>report</name>
    <message>
        <source>Save a report about a problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reports (*.zip)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report lies in {file}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>screen</name>
    <message>
        <source>A sound tells of each page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages come without a sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No scan profile is on {key}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan profile {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Board</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Name of this station; its scanners are served by the queue capture.NAME</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who works here; named as agent in events and in PREMIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redis or RabbitMQ; a private server when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where chord results go; the broker when it is Redis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQLite in the state directory when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose passwords are in the user&apos;s keyring: broker, results, database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batches: masters, derivatives and bags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registry, private broker, signing keys and logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage targets by name, see below; a local folder when none is named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What workers write to their logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether to look for SANE devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only these SANE backends; the system&apos;s own configuration when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hosts that run saned, asked whatever `sane_backends` says; those of the system&apos;s net.conf when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File of user:password:resource lines that only its owner may read; `~/.sane/pass`, where there is one, when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The site&apos;s own file of quirks beside the shipped one, see scanners.md</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder with notes on which device answered to which id; devices in the state directory when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to look for SANE devices in all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time that one SANE backend may look for its devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to open a device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to read or set options</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to try all sources and modes of a device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lamps may warm up inside sane_start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time without a byte within a page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to bring a page that was read to disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time a driver may take to stop before its process is killed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First pause before a busy device is asked again; each is twice the last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No such pause is longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long to wait for a busy device in all; 0 to give up at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often the buttons and sensors of an idle device are looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulated scanners; a flatbed and a feeder when none is named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hot folders, see below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A dead worker&apos;s units come back after this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often lost messages and callbacks are looked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempts of a unit before it counts as failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Items of one station worked on at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages in one unit of capture, characterise and OCR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processes for imaging and OCR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads for bags and uploads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tesseract models, joined by +, where the item names none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time for one page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tesseract&apos;s --psm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tried too where the first reading is unsure; the better one is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let Tesseract tell Fraktur from Latin where the item names no language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quality profile that comes with Recto, or the path of one&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S3 allows no part below 5 MiB but the last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unfinished uploads begun longer ago are aborted by the workers; 0 for never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>never, or after-read-back: once every stored copy was read back a second time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Days between the first read-back and the second, at least</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file:///folder, a plain path, or s3://bucket/prefix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of an S3 server other than Amazon&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The S3 region; AWS&apos;s own configuration when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where its key is: aws for the environment and AWS&apos;s own files, keyring for the user&apos;s keyring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its id is simulated:NAME</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flatbed, feeder, duplex, book, film or described</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the kind described: the file that `recto options DEVICE --dump` wrote of the real one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed, batch, item and page give the same pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of real images that lie on the glass</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets in the feeder; unlimited when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long the lamp takes before the first page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long a page takes to be scanned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Real seconds that one of its seconds takes, faults included; 0 for no time at all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What its drawn pages have beside text, see simulator.md</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>YAML file with what goes wrong on it, see simulator.md; nothing when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its id is folder:NAME</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where it is; page n of an item is its n-th file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether files follow each other by name (2 before 10) or by time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long a file must stay as it is before it counts as written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long to wait for a file that is still being written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long to wait for the next file when a number of pages was asked for; with patience_seconds less than start_timeout_seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again and again instead of being told of new files; auto does so on network mounts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maker of the camera, for the metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model of the camera, for the metadata; the folder when left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flatbed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feeder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feeder, both sides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Book scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Film scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Station</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who works here, and where pages and records are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan profiles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of the scanner under a name, on the keys F2 to F12.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names and bags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How files are named, how bags are sent, and when masters may go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where bags go. A batch goes to all of these unless its manifest names some.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How work gets to the workers. A single station needs nothing here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How scanners are looked for, simulated ones, and watched folders.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text recognition</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How text is read from pages, where the manifest does not say.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quality checks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is measured on every page, and what holds an item.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys and pedal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys of your own. They are yours alone, not the station&apos;s.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light or dark, and how large. Images stay on neutral grey in both.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language of the desktop. Files are written the same in every language.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of this station</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of the broker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address for chord results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of the database</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for batches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for records</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much is logged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for real scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only these SANE backends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scanner hosts on the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password file for network scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own file of scanner quirks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of known scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest search for scanners</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest search of one backend</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to open a scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time for its settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to try its sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to begin a page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest silence within a page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to store a page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time to stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First pause for a busy scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest pause for a busy scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest wait for a busy scanner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How often scanner buttons are read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work of a dead worker comes back after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lost work is looked for every</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attempts before work counts as failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Items worked on at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages in one piece of work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processes for images and text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bags and uploads at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time for a page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layout of the pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layout for a second try</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tell Fraktur by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quality profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of an upload part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unfinished uploads are removed after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Masters here may be removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Days until the second read-back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder or address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S3 server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S3 region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After every copy was read back twice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything, to find a fault</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was not saved; what was there before holds. Enter another value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only letters, digits, - and _ can stand here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The smallest number here is {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The greatest number here is {number}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>station</name>
    <message>
        <source>Start the workers again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{running} at work, {waiting} waiting</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>undo</name>
    <message>
        <source>capture of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>retake of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adding of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>missing page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>discard of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interleaving of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>label of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>turn of page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>verdict on page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>capture of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>retake of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adding of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>missing pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>discard of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interleaving of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>labels of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>turn of pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>verdict on pages {pages}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>viewer</name>
    <message>
        <source>No colour profile: colours may be wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour profile unusable: colours may be wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing the page ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page cannot be shown. No file was changed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>workplace</name>
    <message>
        <source>Look for interrupted captures</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) recovered</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) put aside</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Settle interrupted captures</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
