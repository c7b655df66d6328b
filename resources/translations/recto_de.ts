<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Recto</source>
        <translation>Über Recto</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Registry and logs</source>
        <translation>Datenbank und Protokolle</translation>
    </message>
    <message>
        <source>From a sheet of paper to a bag whose bytes are proved.</source>
        <translation>Vom Blatt Papier zum Paket, in dem jedes Byte nachgewiesen ist.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>Agenda</name>
    <message>
        <source>Read the items</source>
        <translation>Objekte lesen</translation>
    </message>
    <message>
        <source>Read the batches</source>
        <translation>Stapel lesen</translation>
    </message>
</context>
<context>
    <name>AppearanceBlock</name>
    <message>
        <source>Large type, to be read from 1.5 m</source>
        <translation>Große Schrift, aus 1,5 m zu lesen</translation>
    </message>
    <message>
        <source>More contrast</source>
        <translation>Mehr Kontrast</translation>
    </message>
</context>
<context>
    <name>BatchDialog</name>
    <message>
        <source>Choose a batch</source>
        <translation>Stapel wählen</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>Stapel</translation>
    </message>
    <message numerus="yes">
        <source>{batch}: %n item(s) to capture of {items}</source>
        <translation>
            <numerusform>{batch}: %n von {items} Objekten aufzunehmen</numerusform>
            <numerusform>{batch}: %n von {items} Objekten aufzunehmen</numerusform>
        </translation>
    </message>
    <message>
        <source>Capture this batch</source>
        <translation>Diesen Stapel aufnehmen</translation>
    </message>
</context>
<context>
    <name>BatchFields</name>
    <message>
        <source>Colour (sRGB)</source>
        <translation>Farbe (sRGB)</translation>
    </message>
    <message>
        <source>Colour (Adobe RGB)</source>
        <translation>Farbe (Adobe RGB)</translation>
    </message>
    <message>
        <source>Colour (eciRGB v2)</source>
        <translation>Farbe (eciRGB v2)</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>Graustufen</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>Schwarzweiß</translation>
    </message>
    <message>
        <source>Batch id</source>
        <translation>Stapelkennung</translation>
    </message>
    <message>
        <source>Names the batch; letters, digits, - and _.</source>
        <translation>Benennt den Stapel; Buchstaben, Ziffern, - und _.</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>Institution</translation>
    </message>
    <message>
        <source>Who owns the material.</source>
        <translation>Wem das Material gehört.</translation>
    </message>
    <message>
        <source>Collection</source>
        <translation>Bestand</translation>
    </message>
    <message>
        <source>What the items belong to.</source>
        <translation>Wozu die Objekte gehören.</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Captures the pages.</source>
        <translation>Nimmt die Seiten auf.</translation>
    </message>
    <message>
        <source>Make and model</source>
        <translation>Hersteller und Modell</translation>
    </message>
    <message>
        <source>Stands in every page&apos;s record.</source>
        <translation>Steht bei jeder Seite.</translation>
    </message>
    <message>
        <source>Resolution (dots per inch)</source>
        <translation>Auflösung (dpi)</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Language of all items</source>
        <translation>Sprache aller Objekte</translation>
    </message>
    <message>
        <source>Where an item says nothing else; several joined by +.</source>
        <translation>Wo ein Objekt nichts anderes sagt; mehrere mit + verbunden.</translation>
    </message>
    <message>
        <source>Rights of all items</source>
        <translation>Rechte aller Objekte</translation>
    </message>
    <message>
        <source>Where an item says nothing else.</source>
        <translation>Wo ein Objekt nichts anderes sagt.</translation>
    </message>
    <message>
        <source>Bag profile</source>
        <translation>BagIt-Profil</translation>
    </message>
    <message>
        <source>Which archive the bags suit.</source>
        <translation>Zu welchem Archiv die Pakete passen.</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>All items</source>
        <translation>Alle Objekte</translation>
    </message>
    <message>
        <source>Bag</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>{name} (simulated)</source>
        <translation>{name} (simuliert)</translation>
    </message>
    <message>
        <source>change of {field}</source>
        <translation>Änderung von „{field}“</translation>
    </message>
    <message>
        <source>{label} (needed)</source>
        <translation>{label} (nötig)</translation>
    </message>
</context>
<context>
    <name>BoardDecisions</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Hold back</source>
        <translation>Zurückhalten</translation>
    </message>
    <message>
        <source>Let go on</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Hold the step back</source>
        <translation>Den Schritt zurückhalten</translation>
    </message>
    <message>
        <source>Let the step go on</source>
        <translation>Den Schritt freigeben</translation>
    </message>
    <message>
        <source>Accept the pages</source>
        <translation>Seiten annehmen</translation>
    </message>
    <message>
        <source>Verify {item}</source>
        <translation>{item} prüfen</translation>
    </message>
    <message>
        <source>Send work to the workers</source>
        <translation>Arbeit an die Verarbeitung geben</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) are tried again.</source>
        <translation>
            <numerusform>%n Schritt wird erneut versucht.</numerusform>
            <numerusform>%n Schritte werden erneut versucht.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) are on hold. What runs is finished first.</source>
        <translation>
            <numerusform>%n Objekt wird zurückgehalten. Was gerade läuft, wird noch fertig.</numerusform>
            <numerusform>%n Objekte werden zurückgehalten. Was gerade läuft, wird noch fertig.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) go on.</source>
        <translation>
            <numerusform>%n Objekt läuft weiter.</numerusform>
            <numerusform>%n Objekte laufen weiter.</numerusform>
        </translation>
    </message>
    <message>
        <source>The step is on hold in the whole batch. What runs is finished first.</source>
        <translation>Der Schritt wird im ganzen Stapel zurückgehalten. Was gerade läuft, wird noch fertig.</translation>
    </message>
    <message>
        <source>The step goes on.</source>
        <translation>Der Schritt geht weiter.</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) accepted.</source>
        <translation>
            <numerusform>%n Prüfung angenommen.</numerusform>
            <numerusform>%n Prüfungen angenommen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BoardHead</name>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Which items are shown</source>
        <translation>Welche Objekte gezeigt werden</translation>
    </message>
    <message>
        <source>Look for an item</source>
        <translation>Objekt suchen</translation>
    </message>
    <message>
        <source>Whole batch: {stages}</source>
        <translation>Ganzer Stapel: {stages}</translation>
    </message>
    <message>
        <source>{done} of {total} items proved</source>
        <translation>{done} von {total} Objekten sicher gespeichert</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) an hour</source>
        <translation>
            <numerusform>%n Objekt je Stunde</numerusform>
            <numerusform>%n Objekte je Stunde</numerusform>
        </translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>time left not known yet</source>
        <translation>Restzeit noch unbekannt</translation>
    </message>
</context>
<context>
    <name>BoardScreen</name>
    <message>
        <source>No batch yet</source>
        <translation>Noch kein Stapel</translation>
    </message>
    <message>
        <source>The items of a batch are shown here, from the first page to the proved copy.</source>
        <translation>Hier sehen Sie die Objekte eines Stapels, von der ersten Seite bis zur nachgewiesenen Kopie.</translation>
    </message>
    <message>
        <source>Why are the pages of {item} good enough? The reason goes into its history.</source>
        <translation>Warum sind die Seiten von {item} gut genug? Die Begründung kommt in den Verlauf.</translation>
    </message>
    <message>
        <source>Accept the pages</source>
        <translation>Seiten annehmen</translation>
    </message>
    <message>
        <source>Why is {item} held back? What runs of it is finished first.</source>
        <translation>Warum wird {item} zurückgehalten? Was davon gerade läuft, wird noch fertig.</translation>
    </message>
    <message>
        <source>Why is the batch held back? What runs of it is finished first.</source>
        <translation>Warum wird der Stapel zurückgehalten? Was davon gerade läuft, wird noch fertig.</translation>
    </message>
    <message>
        <source>Hold back</source>
        <translation>Zurückhalten</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
</context>
<context>
    <name>BoardSource</name>
    <message>
        <source>Read the board</source>
        <translation>Übersicht lesen</translation>
    </message>
</context>
<context>
    <name>BoardView</name>
    <message>
        <source>Board: items by steps</source>
        <translation>Übersicht: Objekte nach Schritten</translation>
    </message>
</context>
<context>
    <name>CaptureHeader</name>
    <message>
        <source>Next file</source>
        <translation>Nächste Datei</translation>
    </message>
    <message>
        <source>Simulated</source>
        <translation>Simuliert</translation>
    </message>
    <message>
        <source>Next file {name}</source>
        <translation>Nächste Datei {name}</translation>
    </message>
    <message numerus="yes">
        <source>~%n page(s)</source>
        <translation>
            <numerusform>~%n Seite</numerusform>
            <numerusform>~%n Seiten</numerusform>
        </translation>
    </message>
    <message>
        <source>page {page} of {count}</source>
        <translation>Seite {page} von {count}</translation>
    </message>
    <message>
        <source>page {page} of ~{expected}</source>
        <translation>Seite {page} von ~{expected}</translation>
    </message>
    <message>
        <source>{pages} pages an hour</source>
        <translation>{pages} Seiten je Stunde</translation>
    </message>
</context>
<context>
    <name>CaptureRuns</name>
    <message>
        <source>Begin a run</source>
        <translation>Scan beginnen</translation>
    </message>
    <message>
        <source>End the run</source>
        <translation>Scan beenden</translation>
    </message>
</context>
<context>
    <name>CaptureScreen</name>
    <message>
        <source>Nothing to capture yet</source>
        <translation>Noch nichts aufzunehmen</translation>
    </message>
    <message>
        <source>Import a list of items first; then their pages are captured here.</source>
        <translation>Importieren Sie zuerst eine Liste von Objekten; hier nehmen Sie dann deren Seiten auf.</translation>
    </message>
    <message>
        <source>No batch is chosen</source>
        <translation>Kein Stapel gewählt</translation>
    </message>
    <message>
        <source>Choose the batch whose pages you want to capture.</source>
        <translation>Wählen Sie den Stapel, dessen Seiten Sie aufnehmen möchten.</translation>
    </message>
    <message>
        <source>All items of this batch are captured</source>
        <translation>Alle Objekte dieses Stapels sind aufgenommen</translation>
    </message>
    <message>
        <source>The workers go on with them. The board shows how far they are.</source>
        <translation>Die Verarbeitung läuft weiter. Die Übersicht zeigt, wie weit sie ist.</translation>
    </message>
    <message>
        <source>Image files are still being added; mark the item done after that</source>
        <translation>Es werden noch Bilddateien hinzugefügt; schließen Sie das Objekt danach ab</translation>
    </message>
    <message>
        <source>The scanner is being connected</source>
        <translation>Der Scanner wird verbunden</translation>
    </message>
    <message>
        <source>A page is being captured.</source>
        <translation>Eine Seite wird gerade aufgenommen.</translation>
    </message>
    <message>
        <source>Image files are being added.</source>
        <translation>Bilddateien werden hinzugefügt.</translation>
    </message>
    <message>
        <source>The manifest wins over the profile: {values}</source>
        <translation>Das Manifest geht dem Profil vor: {values}</translation>
    </message>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n Seite</numerusform>
            <numerusform>%n Seiten</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a scanner first</source>
        <translation>Wählen Sie zuerst einen Scanner</translation>
    </message>
</context>
<context>
    <name>CheatSheet</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
</context>
<context>
    <name>CheckModel</name>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
</context>
<context>
    <name>ColumnHolds</name>
    <message>
        <source>Why is “{step}” held back in the whole batch? What runs of it is finished first.</source>
        <translation>Warum wird „{step}“ im ganzen Stapel zurückgehalten? Was davon gerade läuft, wird noch fertig.</translation>
    </message>
    <message>
        <source>Hold the step back</source>
        <translation>Den Schritt zurückhalten</translation>
    </message>
</context>
<context>
    <name>ConnectionTest</name>
    <message>
        <source>Test connection</source>
        <translation>Verbindung testen</translation>
    </message>
    <message>
        <source>Test connection: {endpoint}</source>
        <translation>Verbindung testen: {endpoint}</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>Wird getestet…</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>In Ordnung</translation>
    </message>
    <message>
        <source>Does not work</source>
        <translation>Geht nicht</translation>
    </message>
    <message>
        <source>The broker took a message and gave it back, in {seconds} s. Version: {server}.</source>
        <translation>Der Broker nahm eine Nachricht an und gab sie zurück, in {seconds} s. Version: {server}.</translation>
    </message>
    <message>
        <source>Recto&apos;s own broker runs. Nothing needs to be set up.</source>
        <translation>Rectos eigener Broker läuft. Es ist nichts einzurichten.</translation>
    </message>
    <message>
        <source>Recto&apos;s own broker starts with the workers. Nothing needs to be set up.</source>
        <translation>Rectos eigener Broker startet mit der Verarbeitung. Es ist nichts einzurichten.</translation>
    </message>
    <message>
        <source>The database answers in {seconds} s, may be written to, and has Recto&apos;s records.</source>
        <translation>Die Datenbank antwortet in {seconds} s, ist beschreibbar und enthält Rectos Aufzeichnungen.</translation>
    </message>
    <message>
        <source>The database can be used. Recto&apos;s tables are made when it starts there.</source>
        <translation>Die Datenbank ist verwendbar. Recto legt seine Tabellen beim Start dort an.</translation>
    </message>
    <message>
        <source>A small file was written, read back and removed, in {seconds} s. {free} GB are free.</source>
        <translation>Eine kleine Datei wurde geschrieben, zurückgelesen und entfernt, in {seconds} s. {free} GB sind frei.</translation>
    </message>
    <message>
        <source>The key was accepted, an upload was begun and abandoned, in {seconds} s. No object was made: a bucket may keep whatever it was once given.</source>
        <translation>Der Schlüssel wurde angenommen, ein Upload begonnen und abgebrochen, in {seconds} s. Kein Objekt wurde angelegt: Ein Bucket behält womöglich für immer, was er einmal bekam.</translation>
    </message>
</context>
<context>
    <name>ConnectionsStep</name>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>A single station needs none: Recto brings its own broker, and bags go to the folder you chose. A site names its servers in the settings.</source>
        <translation>Eine einzelne Station braucht keine: Recto bringt seinen Broker mit, und Pakete gehen in den gewählten Ordner. Eine Einrichtung nennt ihre Server in den Einstellungen.</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Storage: {name}</source>
        <translation>Archivspeicher: {name}</translation>
    </message>
</context>
<context>
    <name>CopiesPanel</name>
    <message>
        <source>Stored copies</source>
        <translation>Gespeicherte Kopien</translation>
    </message>
    <message>
        <source>Progress of the verification</source>
        <translation>Fortschritt der Prüfung</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>There is no bag yet. Its copies are listed here.</source>
        <translation>Noch gibt es kein Paket. Seine Kopien stehen dann hier.</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Hier</translation>
    </message>
</context>
<context>
    <name>CreatedPlace</name>
    <message>
        <source>Created</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>Its first item waits for you at the scanner.</source>
        <translation>Sein erstes Objekt wartet am Scanner auf Sie.</translation>
    </message>
    <message>
        <source>It goes to the workers; the board shows how far they are.</source>
        <translation>Die Verarbeitung übernimmt; die Übersicht zeigt, wie weit sie ist.</translation>
    </message>
</context>
<context>
    <name>CropBar</name>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>Unten</translation>
    </message>
    <message>
        <source>Draw over the preview what shall be captured, or write it in millimetres.</source>
        <translation>Ziehen Sie in der Vorschau auf, was aufgenommen werden soll, oder geben Sie es in Millimetern ein.</translation>
    </message>
    <message>
        <source>Use this part</source>
        <translation>Ausschnitt nehmen</translation>
    </message>
    <message>
        <source>Whole glass</source>
        <translation>Ganze Fläche</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
</context>
<context>
    <name>DetailPanel</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Way of the item</source>
        <translation>Weg des Objekts</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>Kopien</translation>
    </message>
    <message>
        <source>Read the item</source>
        <translation>Objekt lesen</translation>
    </message>
    <message>
        <source>Nothing stands in the way of this step.</source>
        <translation>Diesem Schritt steht nichts im Weg.</translation>
    </message>
    <message>
        <source>Read the log</source>
        <translation>Protokoll lesen</translation>
    </message>
    <message>
        <source>No worker of this machine has written about this step.</source>
        <translation>Kein Arbeitsprozess dieses Rechners hat über diesen Schritt geschrieben.</translation>
    </message>
</context>
<context>
    <name>DetailsPage</name>
    <message>
        <source>Keep as scan profile</source>
        <translation>Als Scanprofil behalten</translation>
    </message>
    <message>
        <source>Back to how it was</source>
        <translation>Anfangswerte</translation>
    </message>
    <message>
        <source>Set every option as it was when the device was opened first</source>
        <translation>Alle Optionen so setzen, wie sie beim ersten Öffnen des Geräts waren</translation>
    </message>
    <message>
        <source>Options of the device</source>
        <translation>Optionen des Geräts</translation>
    </message>
    <message>
        <source>The options of the device are being read.</source>
        <translation>Die Optionen des Geräts werden gelesen.</translation>
    </message>
    <message>
        <source>{option}: asked {asked}, got {got}</source>
        <translation>{option}: verlangt {asked}, erhalten {got}</translation>
    </message>
    <message>
        <source>Set as “{name}” says.</source>
        <translation>Gesetzt nach „{name}“.</translation>
    </message>
    <message>
        <source>The options were set.</source>
        <translation>Die Optionen sind gesetzt.</translation>
    </message>
    <message>
        <source>Every option is as it was at first.</source>
        <translation>Alle Optionen sind wieder wie am Anfang.</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>Neues Profil</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Technical details</source>
        <translation>Technische Details</translation>
    </message>
    <message>
        <source>Offline since {time}</source>
        <translation>Nicht verbunden seit {time}</translation>
    </message>
    <message>
        <source>{state}: {work}</source>
        <translation>{state}: {work}</translation>
    </message>
    <message>
        <source>Check its power and its cable, then look again.</source>
        <translation>Prüfen Sie Strom und Kabel und suchen Sie dann erneut.</translation>
    </message>
    <message>
        <source>Connect the disk or the share that the folder is on, then look again.</source>
        <translation>Verbinden Sie den Datenträger oder die Freigabe, auf der der Ordner liegt, und suchen Sie dann erneut.</translation>
    </message>
</context>
<context>
    <name>DeviceDirectory</name>
    <message>
        <source>Looking for scanners</source>
        <translation>Scanner werden gesucht</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Noting the test scan</source>
        <translation>Testscan festhalten</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Let go to open the manifest</source>
        <translation>Loslassen, um das Manifest zu öffnen</translation>
    </message>
</context>
<context>
    <name>FailureBanner</name>
    <message>
        <source>Show the newest message only</source>
        <translation>Nur die neueste Meldung zeigen</translation>
    </message>
    <message numerus="yes">
        <source>Show %n more message(s)</source>
        <translation>
            <numerusform>%n weitere Meldung zeigen</numerusform>
            <numerusform>%n weitere Meldungen zeigen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Put this message away</source>
        <translation>Diese Meldung weglegen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>FeederCount</name>
    <message>
        <source>Count</source>
        <translation>Zählung</translation>
    </message>
    <message>
        <source>Scan the rest</source>
        <translation>Rest scannen</translation>
    </message>
    <message>
        <source>The count is right</source>
        <translation>Die Zahl stimmt</translation>
    </message>
    <message>
        <source>Expected {expected}, got {got}</source>
        <translation>Erwartet {expected}, erhalten {got}</translation>
    </message>
    <message>
        <source>Look for sheets that stayed behind or went in together. All pages that came are kept.</source>
        <translation>Suchen Sie Blätter, die liegen blieben oder zusammen eingezogen wurden. Alle angekommenen Seiten sind gesichert.</translation>
    </message>
    <message numerus="yes">
        <source>Mark %n page(s) as missing</source>
        <translation>
            <numerusform>%n Seite als fehlend markieren</numerusform>
            <numerusform>%n Seiten als fehlend markieren</numerusform>
        </translation>
    </message>
    <message>
        <source>More pages came than the list announces. Discard what does not belong here.</source>
        <translation>Es kamen mehr Seiten, als die Liste angibt. Verwerfen Sie, was nicht hierher gehört.</translation>
    </message>
</context>
<context>
    <name>FindingBar</name>
    <message>
        <source>Look</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>What checks found of a page</source>
        <translation>Was Prüfungen an einer Seite fanden</translation>
    </message>
    <message>
        <source>Show the page</source>
        <translation>Seite zeigen</translation>
    </message>
    <message>
        <source>Page {label}: {sentences}</source>
        <translation>Seite {label}: {sentences}</translation>
    </message>
    <message>
        <source>Would be held</source>
        <translation>Würde zurückgehalten</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Look whether Recto is set up</source>
        <translation>Nachsehen, ob Recto eingerichtet ist</translation>
    </message>
    <message>
        <source>Note that the set-up was shown</source>
        <translation>Festhalten, dass die Einrichtung gezeigt wurde</translation>
    </message>
</context>
<context>
    <name>FirstRunGuide</name>
    <message>
        <source>Set up Recto</source>
        <translation>Recto einrichten</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Skip this step</source>
        <translation>Schritt überspringen</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Skip all</source>
        <translation>Alles überspringen</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Capture the sample</source>
        <translation>Beispiel aufnehmen</translation>
    </message>
    <message>
        <source>Without the sample</source>
        <translation>Ohne Beispiel</translation>
    </message>
    <message>
        <source>Step {number} of {count}</source>
        <translation>Schritt {number} von {count}</translation>
    </message>
</context>
<context>
    <name>FolderChoice</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose: {folder}</source>
        <translation>Wählen: {folder}</translation>
    </message>
    <message>
        <source>Look at the folder</source>
        <translation>Ordner ansehen</translation>
    </message>
    <message>
        <source>You may not write there</source>
        <translation>Sie dürfen dort nicht schreiben</translation>
    </message>
    <message>
        <source>Nearly full: {free} GB free</source>
        <translation>Fast voll: {free} GB frei</translation>
    </message>
    <message>
        <source>Little room: {free} GB free</source>
        <translation>Wenig Platz: {free} GB frei</translation>
    </message>
    <message>
        <source>{free} GB free</source>
        <translation>{free} GB frei</translation>
    </message>
</context>
<context>
    <name>FoldersBlock</name>
    <message>
        <source>Watched folders</source>
        <translation>Überwachte Ordner</translation>
    </message>
    <message>
        <source>Folders that other capture software writes page images into.</source>
        <translation>Ordner, in die andere Aufnahmesoftware Seitenbilder schreibt.</translation>
    </message>
    <message>
        <source>Name of another one</source>
        <translation>Name eines weiteren</translation>
    </message>
    <message>
        <source>Name of the watched folder</source>
        <translation>Name des überwachten Ordners</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>A watched folder needs a name.</source>
        <translation>Ein überwachter Ordner braucht einen Namen.</translation>
    </message>
</context>
<context>
    <name>FoldersStep</name>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>A page of A4 in colour at 600 dpi takes about 100 MB. What is proposed can stay.</source>
        <translation>Eine A4-Seite in Farbe mit 600 dpi braucht etwa 100 MB. Der Vorschlag kann bleiben.</translation>
    </message>
    <message>
        <source>Pages at work</source>
        <translation>Seiten in Arbeit</translation>
    </message>
    <message>
        <source>Masters and everything made of them, until an item is stored.</source>
        <translation>Masterdateien und alles daraus Erstellte, bis ein Objekt gespeichert ist.</translation>
    </message>
    <message>
        <source>Finished bags</source>
        <translation>Fertige Pakete</translation>
    </message>
    <message>
        <source>A folder or a mounted share. An S3 bucket can be named in the settings.</source>
        <translation>Ein Ordner oder eine eingehängte Freigabe. Ein S3-Bucket lässt sich in den Einstellungen angeben.</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>Needed</source>
        <translation>Nötig</translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message>
        <source>New manifest</source>
        <translation>Neues Manifest</translation>
    </message>
    <message>
        <source>Reading the bag profiles</source>
        <translation>BagIt-Profile werden gelesen</translation>
    </message>
    <message>
        <source>Looking for scanners</source>
        <translation>Scanner werden gesucht</translation>
    </message>
    <message>
        <source>Save the manifest</source>
        <translation>Manifest speichern</translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation>Gespeichert: {file}</translation>
    </message>
    <message>
        <source>Saving {name}</source>
        <translation>{name} wird gespeichert</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) to fill in or mend</source>
        <translation>
            <numerusform>%n Angabe fehlt oder ist zu berichtigen</numerusform>
            <numerusform>%n Angaben fehlen oder sind zu berichtigen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s): look at the marked places</source>
        <translation>
            <numerusform>%n Warnung: siehe markierte Stelle</numerusform>
            <numerusform>%n Warnungen: siehe markierte Stellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Complete: %n item(s)</source>
        <translation>
            <numerusform>Vollständig: %n Objekt</numerusform>
            <numerusform>Vollständig: %n Objekte</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FormState</name>
    <message>
        <source>Checking the form</source>
        <translation>Formular wird geprüft</translation>
    </message>
</context>
<context>
    <name>GraphView</name>
    <message>
        <source>Way of the item</source>
        <translation>Weg des Objekts</translation>
    </message>
</context>
<context>
    <name>GrowingPage</name>
    <message>
        <source>Show the page as it arrives</source>
        <translation>Seite beim Ankommen zeigen</translation>
    </message>
</context>
<context>
    <name>HealthStrip</name>
    <message>
        <source>Workers and queues</source>
        <translation>Verarbeitung und Warteschlangen</translation>
    </message>
    <message>
        <source>Workers are not started</source>
        <translation>Verarbeitung nicht gestartet</translation>
    </message>
    <message>
        <source>oldest waits {time}</source>
        <translation>älteste wartet {time}</translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation>{size} frei</translation>
    </message>
    <message>
        <source>Capture waits for room on the disk</source>
        <translation>Die Aufnahme wartet auf Platz auf der Platte</translation>
    </message>
    <message>
        <source>Capture waits for the workers</source>
        <translation>Die Aufnahme wartet auf die Verarbeitung</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) held back</source>
        <translation>
            <numerusform>%n Schritt zurückgehalten</numerusform>
            <numerusform>%n Schritte zurückgehalten</numerusform>
        </translation>
    </message>
    <message>
        <source>{queue}: no worker</source>
        <translation>{queue}: kein Arbeitsprozess</translation>
    </message>
    <message>
        <source>{queue}: {number} waiting</source>
        <translation>{queue}: {number} warten</translation>
    </message>
</context>
<context>
    <name>ImportController</name>
    <message>
        <source>Reading {name}</source>
        <translation>{name} wird gelesen</translation>
    </message>
    <message>
        <source>Writing {name}</source>
        <translation>{name} wird geschrieben</translation>
    </message>
    <message>
        <source>Creating the batch</source>
        <translation>Stapel wird angelegt</translation>
    </message>
    <message>
        <source>Sending {batch} to the workers</source>
        <translation>{batch} geht an die Verarbeitung</translation>
    </message>
</context>
<context>
    <name>ImportScreen</name>
    <message>
        <source>Undo {step}</source>
        <translation>Rückgängig: {step}</translation>
    </message>
    <message>
        <source>Redo {step}</source>
        <translation>Wiederholen: {step}</translation>
    </message>
    <message>
        <source>The manifest in the form is not saved.</source>
        <translation>Das Manifest im Formular ist nicht gespeichert.</translation>
    </message>
    <message>
        <source>Making the sample batch</source>
        <translation>Beispielstapel wird erstellt</translation>
    </message>
    <message>
        <source>problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Export with a Problems column</source>
        <translation>Mit Spalte „Problems“ exportieren</translation>
    </message>
    <message>
        <source>All problems seen: back at the first one.</source>
        <translation>Alle Probleme gesehen: wieder beim ersten.</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n Objekt</numerusform>
            <numerusform>%n Objekte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) to capture</source>
        <translation>
            <numerusform>%n Seite aufzunehmen</numerusform>
            <numerusform>%n Seiten aufzunehmen</numerusform>
        </translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Go on with that batch</source>
        <translation>Mit jenem Stapel weiterarbeiten</translation>
    </message>
    <message>
        <source>Written: {file}</source>
        <translation>Geschrieben: {file}</translation>
    </message>
    <message>
        <source>Remembering the file</source>
        <translation>Datei merken</translation>
    </message>
    <message>
        <source>Looking for the files opened last</source>
        <translation>Zuletzt geöffnete Dateien suchen</translation>
    </message>
    <message>
        <source>One manifest at a time: only {name} was opened.</source>
        <translation>Ein Manifest nach dem anderen: Nur {name} wurde geöffnet.</translation>
    </message>
</context>
<context>
    <name>ItemDesk</name>
    <message>
        <source>Read the pages</source>
        <translation>Seiten lesen</translation>
    </message>
    <message>
        <source>Keep page {number}</source>
        <translation>Seite {number} sichern</translation>
    </message>
</context>
<context>
    <name>ItemFlow</name>
    <message>
        <source>Hand over {item}</source>
        <translation>{item} übergeben</translation>
    </message>
    <message>
        <source>Send {batch} on</source>
        <translation>{batch} weitergeben</translation>
    </message>
    <message>
        <source>{item} is done</source>
        <translation>{item} ist fertig</translation>
    </message>
    <message>
        <source>Show page {page}</source>
        <translation>Seite {page} zeigen</translation>
    </message>
</context>
<context>
    <name>ItemList</name>
    <message>
        <source>Items of the batch</source>
        <translation>Objekte des Stapels</translation>
    </message>
</context>
<context>
    <name>ItemsModel</name>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>Urheber</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Rights</source>
        <translation>Rechte</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>change of item {number}</source>
        <translation>Änderung von Objekt {number}</translation>
    </message>
</context>
<context>
    <name>ItemsTable</name>
    <message>
        <source>Items of the batch</source>
        <translation>Objekte des Stapels</translation>
    </message>
    <message numerus="yes">
        <source>duplicates of %n item(s)</source>
        <translation>
            <numerusform>Duplizieren von %n Objekt</numerusform>
            <numerusform>Duplizieren von %n Objekten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>paste of %n item(s)</source>
        <translation>
            <numerusform>Einfügen von %n Objekt</numerusform>
            <numerusform>Einfügen von %n Objekten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>deletion of %n item(s)</source>
        <translation>
            <numerusform>Löschen von %n Objekt</numerusform>
            <numerusform>Löschen von %n Objekten</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>KeepAwake</name>
    <message>
        <source>Pages are being captured</source>
        <translation>Seiten werden aufgenommen</translation>
    </message>
    <message>
        <source>Keep the station awake</source>
        <translation>Station wach halten</translation>
    </message>
    <message>
        <source>This computer cannot be kept awake; see that it does not sleep while pages are scanned.</source>
        <translation>Dieser Rechner lässt sich nicht wach halten; achten Sie darauf, dass er beim Scannen nicht in den Ruhezustand geht.</translation>
    </message>
    <message>
        <source>Let the station sleep</source>
        <translation>Station ruhen lassen</translation>
    </message>
</context>
<context>
    <name>KeyForm</name>
    <message>
        <source>Keep in the keyring</source>
        <translation>Im Schlüsselbund behalten</translation>
    </message>
    <message>
        <source>Forget the key</source>
        <translation>Schlüssel vergessen</translation>
    </message>
    <message>
        <source>Forget the key of {target}</source>
        <translation>Schlüssel von {target} vergessen</translation>
    </message>
    <message>
        <source>Look for a keyring</source>
        <translation>Schlüsselbund suchen</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>Zugangsschlüssel</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>Geheimer Schlüssel</translation>
    </message>
    <message>
        <source>Key in the keyring</source>
        <translation>Schlüssel im Schlüsselbund</translation>
    </message>
    <message>
        <source>Key from the environment or AWS&apos;s own files</source>
        <translation>Schlüssel aus der Umgebung oder AWS-eigenen Dateien</translation>
    </message>
    <message>
        <source>Keys cannot be kept here: {reason} Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for Recto and its workers instead.</source>
        <translation>Schlüssel können hier nicht aufbewahrt werden: {reason} Setzen Sie stattdessen AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY für Recto und seine Arbeitsprozesse.</translation>
    </message>
    <message>
        <source>A key has two halves. Enter both.</source>
        <translation>Ein Schlüssel hat zwei Hälften. Geben Sie beide ein.</translation>
    </message>
</context>
<context>
    <name>KeyModel</name>
    <message>
        <source>Screen</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
</context>
<context>
    <name>KeysBlock</name>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation>Diese Taste verwenden</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>Ordinary key</source>
        <translation>Übliche Taste</translation>
    </message>
    <message>
        <source>All keys as they were</source>
        <translation>Alle Tasten zurücksetzen</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
        <source>Choose an action, then press the key it is to have.</source>
        <translation>Wählen Sie eine Aktion und drücken Sie dann die gewünschte Taste.</translation>
    </message>
    <message>
        <source>New key for “{action}”:</source>
        <translation>Neue Taste für „{action}“:</translation>
    </message>
    <message>
        <source>“{action}” has this key. If you use it here, “{action}” has none.</source>
        <translation>Diese Taste gehört zu „{action}“. Verwenden Sie sie hier, so hat „{action}“ keine.</translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>Hier verwenden</translation>
    </message>
</context>
<context>
    <name>LabelsDialog</name>
    <message>
        <source>Label pages</source>
        <translation>Seiten bezeichnen</translation>
    </message>
    <message>
        <source>From page</source>
        <translation>Von Seite</translation>
    </message>
    <message>
        <source>To page</source>
        <translation>Bis Seite</translation>
    </message>
    <message>
        <source>What the pages will be called</source>
        <translation>So werden die Seiten heißen</translation>
    </message>
    <message>
        <source>&amp;From page</source>
        <translation>&amp;Von Seite</translation>
    </message>
    <message>
        <source>&amp;To page</source>
        <translation>&amp;Bis Seite</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>&amp;Zählung</translation>
    </message>
    <message>
        <source>&amp;Begin with</source>
        <translation>B&amp;eginn bei</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnen</translation>
    </message>
    <message>
        <source>page {page}: {label}</source>
        <translation>Seite {page}: {label}</translation>
    </message>
</context>
<context>
    <name>LanguageBlock</name>
    <message>
        <source>Language of the desktop</source>
        <translation>Sprache der Oberfläche</translation>
    </message>
    <message>
        <source>Needs a restart of Recto</source>
        <translation>Wirkt nach Neustart von Recto</translation>
    </message>
</context>
<context>
    <name>LanguageChoice</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Language of the desktop</source>
        <translation>Sprache der Oberfläche</translation>
    </message>
</context>
<context>
    <name>LastTargets</name>
    <message>
        <source>Read the colour targets</source>
        <translation>Farbtafeln lesen</translation>
    </message>
</context>
<context>
    <name>LearnKeyDialog</name>
    <message>
        <source>The pedal&apos;s key</source>
        <translation>Die Taste des Pedals</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation>Diese Taste verwenden</translation>
    </message>
    <message>
        <source>Press another</source>
        <translation>Andere drücken</translation>
    </message>
    <message>
        <source>Press the pedal once. Any other key can be taken, too.</source>
        <translation>Drücken Sie das Pedal einmal. Auch jede andere Taste ist möglich.</translation>
    </message>
    <message>
        <source>The pedal sends: {key}</source>
        <translation>Das Pedal sendet: {key}</translation>
    </message>
    <message>
        <source>This is also the key of “{action}”. While the pedal is armed, the key captures and does not reach “{action}”.</source>
        <translation>Diese Taste gehört auch zu „{action}“. Solange das Pedal eingeschaltet ist, nimmt sie auf und erreicht „{action}“ nicht.</translation>
    </message>
</context>
<context>
    <name>LinkedViewers</name>
    <message>
        <source>Left page image</source>
        <translation>Linkes Seitenbild</translation>
    </message>
    <message>
        <source>Right page image</source>
        <translation>Rechtes Seitenbild</translation>
    </message>
</context>
<context>
    <name>LookStep</name>
    <message>
        <source>Language and theme</source>
        <translation>Sprache und Farbschema</translation>
    </message>
    <message>
        <source>How Recto looks to you. Images stand on neutral grey in every theme.</source>
        <translation>Wie Recto für Sie aussieht. Bilder liegen immer auf neutralem Grau.</translation>
    </message>
    <message>
        <source>Large type, to be read from 1.5 m</source>
        <translation>Große Schrift, aus 1,5 m zu lesen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>The language changes when Recto is started the next time.</source>
        <translation>Die Sprache wechselt beim nächsten Start von Recto.</translation>
    </message>
</context>
<context>
    <name>MemoryKeeper</name>
    <message>
        <source>Recall the last shift</source>
        <translation>Letzte Schicht wieder aufnehmen</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>Merken</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Go to</source>
        <translation>&amp;Gehe zu</translation>
    </message>
</context>
<context>
    <name>NewTarget</name>
    <message>
        <source>Add a storage target</source>
        <translation>Speicherziel hinzufügen</translation>
    </message>
    <message>
        <source>vault</source>
        <translation>magazin</translation>
    </message>
    <message>
        <source>/mnt/archive or s3://bucket/prefix</source>
        <translation>/mnt/archiv oder s3://bucket/prefix</translation>
    </message>
    <message>
        <source>only for S3 services other than Amazon&apos;s</source>
        <translation>nur für S3-Dienste außerhalb von Amazon</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Folder or address</source>
        <translation>Ordner oder Adresse</translation>
    </message>
    <message>
        <source>S3 server</source>
        <translation>S3-Server</translation>
    </message>
    <message>
        <source>A name has letters, digits, - and _; batches refer to the target by it.</source>
        <translation>Ein Name besteht aus Buchstaben, Ziffern, - und _; Stapel nennen das Ziel mit ihm.</translation>
    </message>
    <message>
        <source>There is a target of this name already.</source>
        <translation>Ein Ziel dieses Namens gibt es schon.</translation>
    </message>
    <message>
        <source>Where do the bags go? Give a folder or an address.</source>
        <translation>Wohin gehen die Pakete? Nennen Sie einen Ordner oder eine Adresse.</translation>
    </message>
</context>
<context>
    <name>NoDevices</name>
    <message>
        <source>Looking for scanners</source>
        <translation>Scanner werden gesucht</translation>
    </message>
    <message>
        <source>Network scanners may take up to half a minute to answer.</source>
        <translation>Netzwerkscanner brauchen bis zu einer halben Minute für ihre Antwort.</translation>
    </message>
    <message>
        <source>No scanner was found</source>
        <translation>Kein Scanner gefunden</translation>
    </message>
    <message>
        <source>Switch the scanner on, check its cable and look again. Or use a simulated scanner: everything works with it, and its pages are marked as simulated everywhere.</source>
        <translation>Schalten Sie den Scanner ein, prüfen Sie sein Kabel und suchen Sie erneut. Oder verwenden Sie einen simulierten Scanner: Alles geht damit, und seine Seiten sind überall als simuliert gekennzeichnet.</translation>
    </message>
</context>
<context>
    <name>NumberEditor</name>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
</context>
<context>
    <name>OptionEditor</name>
    <message>
        <source>Set</source>
        <translation>Setzen</translation>
    </message>
    <message>
        <source>Let the device choose</source>
        <translation>Gerät wählen lassen</translation>
    </message>
    <message>
        <source>Choose an option to see and set it</source>
        <translation>Wählen Sie eine Option, um sie zu sehen und zu setzen</translation>
    </message>
    <message>
        <source>Press</source>
        <translation>Auslösen</translation>
    </message>
</context>
<context>
    <name>OptionTree</name>
    <message>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <source>Option</source>
        <translation>Option</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Station and devices</source>
        <translation>Station und Geräte</translation>
    </message>
    <message>
        <source>Looking for scanners</source>
        <translation>Scanner werden gesucht</translation>
    </message>
    <message>
        <source>Looking for scanners: {count} found so far</source>
        <translation>Scanner werden gesucht: bisher {count} gefunden</translation>
    </message>
    <message>
        <source>{count} found</source>
        <translation>{count} gefunden</translation>
    </message>
</context>
<context>
    <name>OwnDevices</name>
    <message>
        <source>Locked: {variable} decides</source>
        <translation>Gesperrt: {variable} bestimmt</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove {device}</source>
        <translation>{device} entfernen</translation>
    </message>
    <message>
        <source>Remove the device</source>
        <translation>Gerät entfernen</translation>
    </message>
    <message>
        <source>Add a device</source>
        <translation>Gerät hinzufügen</translation>
    </message>
</context>
<context>
    <name>PageCommands</name>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Turn the view</source>
        <translation>Ansicht drehen</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Mark a missing page</source>
        <translation>Fehlende Seite markieren</translation>
    </message>
    <message>
        <source>Interleave</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Interleave fronts and backs</source>
        <translation>Vorder- und Rückseiten zusammenführen</translation>
    </message>
    <message>
        <source>The backs begin with page {page}.</source>
        <translation>Die Rückseiten beginnen mit Seite {page}.</translation>
    </message>
    <message>
        <source>Was the whole stack turned over, so that the back of the last sheet came first?</source>
        <translation>Wurde der ganze Packen gewendet, sodass die Rückseite des letzten Blatts zuerst kam?</translation>
    </message>
    <message>
        <source>Turned as a stack</source>
        <translation>Als Packen gewendet</translation>
    </message>
    <message>
        <source>In the order of the fronts</source>
        <translation>Wie die Vorderseiten</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnen</translation>
    </message>
    <message>
        <source>Page images ({kinds})</source>
        <translation>Seitenbilder ({kinds})</translation>
    </message>
    <message>
        <source>Add image files</source>
        <translation>Bilddateien hinzufügen</translation>
    </message>
</context>
<context>
    <name>PageImages</name>
    <message>
        <source>Look at {name}</source>
        <translation>{name} ansehen</translation>
    </message>
</context>
<context>
    <name>PagePanel</name>
    <message>
        <source>Simulated: no paper was scanned</source>
        <translation>Simuliert: Es wurde kein Papier gescannt</translation>
    </message>
    <message>
        <source>What is wrong with the page</source>
        <translation>Was an der Seite nicht stimmt</translation>
    </message>
    <message>
        <source>This item is held</source>
        <translation>Dieses Objekt wird zurückgehalten</translation>
    </message>
    <message>
        <source>What the check found</source>
        <translation>Was die Prüfung ergab</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Checks of the page</source>
        <translation>Prüfungen der Seite</translation>
    </message>
    <message>
        <source>No page in view</source>
        <translation>Keine Seite im Blick</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlt</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Rejected: {reason}</source>
        <translation>Abgelehnt: {reason}</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Needs a look</source>
        <translation>Braucht einen Blick</translation>
    </message>
    <message>
        <source>No objection</source>
        <translation>Kein Einwand</translation>
    </message>
    <message>
        <source>The checks run when the item is marked done. Look at the page itself.</source>
        <translation>Geprüft wird, sobald das Objekt abgeschlossen ist. Sehen Sie sich die Seite selbst an.</translation>
    </message>
    <message>
        <source>This page has not been checked yet.</source>
        <translation>Diese Seite ist noch nicht geprüft.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>{bits} bit</source>
        <translation>{bits} Bit</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Farbtiefe</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
</context>
<context>
    <name>PagePlace</name>
    <message>
        <source>Read the colour profile</source>
        <translation>Farbprofil lesen</translation>
    </message>
    <message>
        <source>Look at {name}</source>
        <translation>{name} ansehen</translation>
    </message>
    <message>
        <source>Measure a page</source>
        <translation>Seite messen</translation>
    </message>
</context>
<context>
    <name>PageRetake</name>
    <message>
        <source>Capture page {page} again</source>
        <translation>Seite {page} erneut aufnehmen</translation>
    </message>
    <message>
        <source>The scanner is in use; try again when it has finished</source>
        <translation>Der Scanner ist in Gebrauch; versuchen Sie es erneut, wenn er fertig ist</translation>
    </message>
    <message>
        <source>Replace page {page}</source>
        <translation>Seite {page} ersetzen</translation>
    </message>
    <message>
        <source>Page {page} has a new image; the item goes on</source>
        <translation>Seite {page} hat ein neues Bild; das Objekt läuft weiter</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Database</source>
        <translation>Datenbank</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Test connection</source>
        <translation>Verbindung testen</translation>
    </message>
    <message>
        <source>Scan profiles</source>
        <translation>Scanprofile</translation>
    </message>
    <message>
        <source>Profiles are made with the scanner beside you, on the Devices screen.</source>
        <translation>Profile entstehen am Scanner, in der Ansicht „Geräte“.</translation>
    </message>
    <message>
        <source>Go to Devices</source>
        <translation>Zu den Geräten</translation>
    </message>
    <message>
        <source>Pedal</source>
        <translation>Pedal</translation>
    </message>
    <message>
        <source>A foot pedal is a keyboard with one key. It is learnt in the capture workspace, where it is armed and disarmed too.</source>
        <translation>Ein Fußpedal ist eine Tastatur mit einer Taste. Sie wird in der Aufnahme gelernt; dort wird das Pedal auch ein- und ausgeschaltet.</translation>
    </message>
    <message>
        <source>Learn the pedal&apos;s key</source>
        <translation>Pedaltaste lernen</translation>
    </message>
    <message>
        <source>How files are named</source>
        <translation>Wie Dateien heißen</translation>
    </message>
    <message>
        <source>Pages are numbered in the order of the item: 0001.tif, 0002.tif. An item&apos;s bag has the name of its institution, batch and item. The manifest says what batches and items are called, so that names here and in your catalogue are the same.</source>
        <translation>Seiten werden in der Reihenfolge des Objekts gezählt: 0001.tif, 0002.tif. Das Paket eines Objekts heißt nach Institution, Stapel und Objekt. Das Manifest bestimmt, wie Stapel und Objekte heißen, damit die Namen hier und in Ihrem Katalog dieselben sind.</translation>
    </message>
    <message>
        <source>Page image</source>
        <translation>Seitenbild</translation>
    </message>
    <message>
        <source>No page is shown</source>
        <translation>Keine Seite wird gezeigt</translation>
    </message>
    <message>
        <source>A page is arriving</source>
        <translation>Eine Seite kommt an</translation>
    </message>
    <message>
        <source>{width} x {height} px</source>
        <translation>{width} x {height} Pixel</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Find an action</source>
        <translation>Aktion suchen</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>Letters of an action</source>
        <translation>Buchstaben einer Aktion</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Aktionen</translation>
    </message>
    <message>
        <source>No action has these letters.</source>
        <translation>Keine Aktion hat diese Buchstaben.</translation>
    </message>
    <message>
        <source>“{title}” cannot be done now.</source>
        <translation>„{title}“ ist jetzt nicht möglich.</translation>
    </message>
</context>
<context>
    <name>PathEditor</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose: {setting}</source>
        <translation>Wählen: {setting}</translation>
    </message>
</context>
<context>
    <name>PersonalChoices</name>
    <message>
        <source>Keep your choices</source>
        <translation>Ihre Auswahl behalten</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
</context>
<context>
    <name>ProblemModel</name>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
</context>
<context>
    <name>ProblemPanel</name>
    <message>
        <source>Which problems are shown</source>
        <translation>Welche Probleme gezeigt werden</translation>
    </message>
    <message>
        <source>Problems of the manifest</source>
        <translation>Probleme des Manifests</translation>
    </message>
    <message numerus="yes">
        <source>All problems (%n)</source>
        <translation>
            <numerusform>Alle Probleme (%n)</numerusform>
            <numerusform>Alle Probleme (%n)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Errors only (%n)</source>
        <translation>
            <numerusform>Nur Fehler (%n)</numerusform>
            <numerusform>Nur Fehler (%n)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Warnings only (%n)</source>
        <translation>
            <numerusform>Nur Warnungen (%n)</numerusform>
            <numerusform>Nur Warnungen (%n)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileBook</name>
    <message>
        <source>Reading scan profiles</source>
        <translation>Scanprofile werden gelesen</translation>
    </message>
    <message>
        <source>Saving the scan profile</source>
        <translation>Scanprofil wird gespeichert</translation>
    </message>
    <message>
        <source>Removing the scan profile</source>
        <translation>Scanprofil wird entfernt</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
</context>
<context>
    <name>ProfileChips</name>
    <message>
        <source>Scan profile {name}</source>
        <translation>Scanprofil {name}</translation>
    </message>
</context>
<context>
    <name>ProfileDialog</name>
    <message>
        <source>Scan profile</source>
        <translation>Scanprofil</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>&amp;Taste</translation>
    </message>
    <message>
        <source>&amp;For</source>
        <translation>&amp;Für</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>keine Taste</translation>
    </message>
    <message>
        <source>any scanner</source>
        <translation>jeder Scanner</translation>
    </message>
    <message>
        <source>Option</source>
        <translation>Option</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Options that the profile sets</source>
        <translation>Optionen, die das Profil setzt</translation>
    </message>
    <message>
        <source>Give the profile a name.</source>
        <translation>Geben Sie dem Profil einen Namen.</translation>
    </message>
    <message>
        <source>There is a profile of this name already.</source>
        <translation>Ein Profil dieses Namens gibt es schon.</translation>
    </message>
    <message>
        <source>Choose at least one option.</source>
        <translation>Wählen Sie mindestens eine Option.</translation>
    </message>
    <message>
        <source>{key} stands for “{name}” now. It will stand for this profile instead.</source>
        <translation>{key} gehört jetzt zu „{name}“. Danach gehört die Taste zu diesem Profil.</translation>
    </message>
</context>
<context>
    <name>ProfileLines</name>
    <message>
        <source>There are none yet.</source>
        <translation>Es gibt noch keine.</translation>
    </message>
</context>
<context>
    <name>ProfilesDialog</name>
    <message>
        <source>Scan profiles</source>
        <translation>Scanprofile</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>There is no scan profile yet. Open the technical details of a scanner, set it as you need it, and keep that as a profile. In the capture workspace its key sets the scanner at once.</source>
        <translation>Es gibt noch kein Scanprofil. Öffnen Sie die technischen Details eines Scanners, stellen Sie ihn nach Bedarf ein und behalten Sie das als Profil. Seine Taste stellt den Scanner in der Aufnahme sofort ein.</translation>
    </message>
    <message>
        <source>any scanner</source>
        <translation>jeder Scanner</translation>
    </message>
</context>
<context>
    <name>QualityScreen</name>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Which pages are shown</source>
        <translation>Welche Seiten gezeigt werden</translation>
    </message>
    <message>
        <source>No page to look at</source>
        <translation>Keine Seite anzusehen</translation>
    </message>
    <message>
        <source>No page of this item is here yet, or none that is shown with this choice.</source>
        <translation>Noch ist keine Seite dieses Objekts hier, oder keine passt zu dieser Auswahl.</translation>
    </message>
    <message>
        <source>This page is missing</source>
        <translation>Diese Seite fehlt</translation>
    </message>
    <message>
        <source>Its number stays free, should it turn up.</source>
        <translation>Ihre Nummer bleibt frei, falls sie sich findet.</translation>
    </message>
    <message>
        <source>The image is not here</source>
        <translation>Das Bild ist nicht hier</translation>
    </message>
    <message>
        <source>Its master was released, or lies on another machine.</source>
        <translation>Die Masterdatei wurde hier entfernt oder liegt auf einem anderen Rechner.</translation>
    </message>
    <message>
        <source>Nothing to look at yet</source>
        <translation>Noch nichts anzusehen</translation>
    </message>
    <message>
        <source>Pages come here as soon as they are captured. Start with the first item.</source>
        <translation>Seiten erscheinen hier, sobald sie aufgenommen sind. Beginnen Sie mit dem ersten Objekt.</translation>
    </message>
    <message>
        <source>Read the batches</source>
        <translation>Stapel lesen</translation>
    </message>
    <message>
        <source>{item} · page {position} of {pages} · {name}</source>
        <translation>{item} · Seite {position} von {pages} · {name}</translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) need a look</source>
        <translation>
            <numerusform>%n Seite braucht einen Blick</numerusform>
            <numerusform>%n Seiten brauchen einen Blick</numerusform>
        </translation>
    </message>
    <message>
        <source>earlier capture of page {label}</source>
        <translation>frühere Aufnahme von Seite {label}</translation>
    </message>
    <message>
        <source>Left: {page}</source>
        <translation>Links: {page}</translation>
    </message>
    <message>
        <source>Both pages move together</source>
        <translation>Beide Seiten bewegen sich gemeinsam</translation>
    </message>
    <message>
        <source>Each page moves alone</source>
        <translation>Jede Seite bewegt sich allein</translation>
    </message>
    <message>
        <source>Accept {item}</source>
        <translation>{item} annehmen</translation>
    </message>
    <message>
        <source>{item} goes on</source>
        <translation>{item} läuft weiter</translation>
    </message>
    <message>
        <source>A page is being captured again.</source>
        <translation>Eine Seite wird erneut aufgenommen.</translation>
    </message>
</context>
<context>
    <name>QuickChecks</name>
    <message>
        <source>Read the quality profile</source>
        <translation>Qualitätsprofil lesen</translation>
    </message>
    <message>
        <source>Keep what checks found</source>
        <translation>Behalten, was Prüfungen fanden</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Reason</source>
        <translation>Begründung</translation>
    </message>
</context>
<context>
    <name>ReasonPanel</name>
    <message>
        <source>The chosen step</source>
        <translation>Der gewählte Schritt</translation>
    </message>
    <message>
        <source>Choose an item or a step</source>
        <translation>Wählen Sie ein Objekt oder einen Schritt</translation>
    </message>
    <message>
        <source>Its reason, its way, its stored copies and its log are shown here.</source>
        <translation>Grund, Weg, gespeicherte Kopien und Protokoll erscheinen hier.</translation>
    </message>
    <message>
        <source>Held: {reason}</source>
        <translation>Zurückgehalten: {reason}</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) stopped for this reason.</source>
        <translation>
            <numerusform>%n Objekt steht aus diesem Grund still.</numerusform>
            <numerusform>%n Objekte stehen aus diesem Grund still.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n attempt(s)</source>
        <translation>
            <numerusform>%n Versuch</numerusform>
            <numerusform>%n Versuche</numerusform>
        </translation>
    </message>
    <message>
        <source>started {time}</source>
        <translation>begonnen {time}</translation>
    </message>
    <message>
        <source>took {time}</source>
        <translation>Dauer {time}</translation>
    </message>
    <message>
        <source>next attempt in {time}</source>
        <translation>nächster Versuch in {time}</translation>
    </message>
    <message numerus="yes">
        <source>Page(s) {numbers}</source>
        <translation>
            <numerusform>Seite {numbers}</numerusform>
            <numerusform>Seiten {numbers}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Interrupted captures</source>
        <translation>Unterbrochene Aufnahmen</translation>
    </message>
    <message numerus="yes">
        <source>%n capture(s) were interrupted</source>
        <translation>
            <numerusform>%n Aufnahme wurde unterbrochen</numerusform>
            <numerusform>%n Aufnahmen wurden unterbrochen</numerusform>
        </translation>
    </message>
    <message>
        <source>Recto ended while pages were being captured. Whole pages are safe on the disk. Discarded pages are put aside, not erased.</source>
        <translation>Recto wurde beendet, während Seiten aufgenommen wurden. Vollständige Seiten sind sicher gespeichert. Verworfene Seiten werden beiseitegelegt, nicht gelöscht.</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Keep for later</source>
        <translation>Für später behalten</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message numerus="yes">
        <source>%n capture(s) of {batch} / {item} from {time}</source>
        <translation>
            <numerusform>%n Aufnahme von {batch} / {item}, {time}</numerusform>
            <numerusform>%n Aufnahmen von {batch} / {item}, {time}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RejectBar</name>
    <message>
        <source>Why is this page rejected?</source>
        <translation>Warum wird diese Seite abgelehnt?</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>Cancel  Esc</source>
        <translation>Abbrechen  Esc</translation>
    </message>
</context>
<context>
    <name>Reviewing</name>
    <message>
        <source>Read the pages</source>
        <translation>Seiten lesen</translation>
    </message>
    <message>
        <source>Read the items</source>
        <translation>Objekte lesen</translation>
    </message>
    <message>
        <source>Judge page {page}</source>
        <translation>Seite {page} bewerten</translation>
    </message>
    <message>
        <source>Look for the earlier capture</source>
        <translation>Frühere Aufnahme suchen</translation>
    </message>
    <message>
        <source>Accept {item}</source>
        <translation>{item} annehmen</translation>
    </message>
</context>
<context>
    <name>SampleStep</name>
    <message>
        <source>Capture a sample</source>
        <translation>Ein Beispiel aufnehmen</translation>
    </message>
    <message>
        <source>Two items with twelve pages in all, drawn by the simulated scanner.</source>
        <translation>Zwei Objekte mit zusammen zwölf Seiten, gezeichnet vom simulierten Scanner.</translation>
    </message>
    <message>
        <source>How it goes</source>
        <translation>So geht es</translation>
    </message>
    <message>
        <source>Space captures a page. It is on disk before you see it.</source>
        <translation>Die Leertaste nimmt eine Seite auf. Sie ist gespeichert, bevor Sie sie sehen.</translation>
    </message>
    <message>
        <source>Backspace takes the page again. The first one is kept aside.</source>
        <translation>Die Rücktaste nimmt die Seite erneut auf. Die erste bleibt beiseitegelegt.</translation>
    </message>
    <message>
        <source>Enter ends the item. It goes on by itself: checks, text, bag, storage.</source>
        <translation>Die Eingabetaste schließt das Objekt ab. Es läuft von selbst weiter: Prüfungen, Text, Paket, Archivspeicher.</translation>
    </message>
    <message>
        <source>The question mark shows all keys, at any time.</source>
        <translation>Das Fragezeichen zeigt jederzeit alle Tasten.</translation>
    </message>
    <message>
        <source>Make the sample batch</source>
        <translation>Beispielstapel erstellen</translation>
    </message>
</context>
<context>
    <name>ScannerStep</name>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Both choices work to the end. You can change your mind on the Devices screen any time.</source>
        <translation>Mit beiden gelangen Sie ans Ziel. In der Ansicht „Geräte“ können Sie jederzeit wechseln.</translation>
    </message>
    <message>
        <source>A scanner of this station</source>
        <translation>Ein Scanner dieser Station</translation>
    </message>
    <message>
        <source>The simulated scanner</source>
        <translation>Der simulierte Scanner</translation>
    </message>
    <message>
        <source>Scanners that were found</source>
        <translation>Gefundene Scanner</translation>
    </message>
    <message>
        <source>Search again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Recto draws the pages itself: for practice, without a scanner and without paper.</source>
        <translation>Recto zeichnet die Seiten selbst: zum Üben, ohne Scanner und ohne Papier.</translation>
    </message>
    <message>
        <source>Looking for scanners…</source>
        <translation>Scanner werden gesucht…</translation>
    </message>
    <message numerus="yes">
        <source>%n scanner(s) found</source>
        <translation>
            <numerusform>%n Scanner gefunden</numerusform>
            <numerusform>%n Scanner gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>None found. Switch it on, connect it, and search again.</source>
        <translation>Keiner gefunden. Schalten Sie ihn ein, verbinden Sie ihn und suchen Sie erneut.</translation>
    </message>
    <message>
        <source>Remember the scanner</source>
        <translation>Scanner merken</translation>
    </message>
</context>
<context>
    <name>ScannerTroubles</name>
    <message>
        <source>Choose other settings</source>
        <translation>Andere Werte wählen</translation>
    </message>
</context>
<context>
    <name>SecondWindow</name>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Needs a restart of Recto</source>
        <translation>Wirkt nach Neustart von Recto</translation>
    </message>
    <message>
        <source>Reset: {setting}</source>
        <translation>Zurücksetzen: {setting}</translation>
    </message>
    <message>
        <source>Take this setting out of the file, so that the ordinary value holds</source>
        <translation>Diese Einstellung aus der Datei nehmen, sodass der übliche Wert gilt</translation>
    </message>
    <message>
        <source>Locked: {variable} decides</source>
        <translation>Gesperrt: {variable} bestimmt</translation>
    </message>
    <message>
        <source>Cannot be changed while Recto runs</source>
        <translation>Nicht änderbar, während Recto läuft</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Saved without the earlier password</source>
        <translation>Ohne das frühere Kennwort gespeichert</translation>
    </message>
</context>
<context>
    <name>SettingsSaving</name>
    <message>
        <source>Save settings</source>
        <translation>Einstellungen speichern</translation>
    </message>
    <message>
        <source>Read the settings</source>
        <translation>Einstellungen lesen</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>Keine Einstellung enthält diese Wörter.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>SheetTable</name>
    <message>
        <source>Cells of the manifest</source>
        <translation>Zellen des Manifests</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Scan profile</source>
        <translation>Scanprofil</translation>
    </message>
    <message>
        <source>One sheet a press</source>
        <translation>Ein Blatt je Tastendruck</translation>
    </message>
    <message>
        <source>This page</source>
        <translation>Diese Seite</translation>
    </message>
    <message>
        <source>No page is in view.</source>
        <translation>Keine Seite im Blick.</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>No item is chosen.</source>
        <translation>Kein Objekt gewählt.</translation>
    </message>
    <message>
        <source>Choose a scanner</source>
        <translation>Scanner wählen</translation>
    </message>
    <message>
        <source>As the manifest asks</source>
        <translation>Wie im Manifest verlangt</translation>
    </message>
    <message>
        <source>Only a part of {width} x {height} mm is captured.</source>
        <translation>Nur ein Ausschnitt von {width} x {height} mm wird aufgenommen.</translation>
    </message>
</context>
<context>
    <name>SimulatedBlock</name>
    <message>
        <source>Simulated scanners</source>
        <translation>Simulierte Scanner</translation>
    </message>
    <message>
        <source>For practice and trials. Their pages are marked as simulated wherever they go.</source>
        <translation>Zum Üben und Erproben. Ihre Seiten sind überall als simuliert gekennzeichnet.</translation>
    </message>
    <message>
        <source>Name of another one</source>
        <translation>Name eines weiteren</translation>
    </message>
    <message>
        <source>Name of the simulated scanner</source>
        <translation>Name des simulierten Scanners</translation>
    </message>
    <message>
        <source>Kind of the simulated scanner</source>
        <translation>Art des simulierten Scanners</translation>
    </message>
    <message>
        <source>any number of sheets</source>
        <translation>beliebig viele Blätter</translation>
    </message>
    <message>
        <source> sheets</source>
        <translation> Blätter</translation>
    </message>
    <message>
        <source>Sheets in its feeder</source>
        <translation>Blätter im Einzug</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add a simulated scanner</source>
        <translation>Simulierten Scanner hinzufügen</translation>
    </message>
    <message>
        <source>A simulated scanner needs a name.</source>
        <translation>Ein simulierter Scanner braucht einen Namen.</translation>
    </message>
</context>
<context>
    <name>StationCard</name>
    <message>
        <source>Station</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Bedienperson</translation>
    </message>
    <message>
        <source>Room for pages</source>
        <translation>Platz für Seiten</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Verarbeitung</translation>
    </message>
    <message>
        <source>nobody named</source>
        <translation>niemand genannt</translation>
    </message>
    <message>
        <source>Looking at the disk</source>
        <translation>Datenträger ansehen</translation>
    </message>
    <message>
        <source>not looked at</source>
        <translation>nicht angesehen</translation>
    </message>
    <message>
        <source>being looked at</source>
        <translation>wird angesehen</translation>
    </message>
    <message numerus="yes">
        <source>answers, %n message(s) waiting</source>
        <translation>
            <numerusform>antwortet, %n Nachricht wartet</numerusform>
            <numerusform>antwortet, %n Nachrichten warten</numerusform>
        </translation>
    </message>
    <message>
        <source>answers</source>
        <translation>antwortet</translation>
    </message>
    <message>
        <source>is starting</source>
        <translation>startet</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>antwortet nicht</translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation>{size} frei</translation>
    </message>
</context>
<context>
    <name>StationLink</name>
    <message>
        <source>Workers are not started</source>
        <translation>Verarbeitung nicht gestartet</translation>
    </message>
    <message>
        <source>Workers are starting</source>
        <translation>Verarbeitung startet</translation>
    </message>
    <message>
        <source>Workers are ready</source>
        <translation>Verarbeitung bereit</translation>
    </message>
    <message>
        <source>Workers of the site</source>
        <translation>Verarbeitung der Einrichtung</translation>
    </message>
    <message>
        <source>Workers cannot be reached</source>
        <translation>Verarbeitung nicht erreichbar</translation>
    </message>
    <message>
        <source>Send work to the workers</source>
        <translation>Arbeit an die Verarbeitung geben</translation>
    </message>
    <message>
        <source>Start the workers</source>
        <translation>Verarbeitung starten</translation>
    </message>
    <message>
        <source>Look how the station is</source>
        <translation>Nachsehen, wie es der Station geht</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Station</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Free disk space</source>
        <translation>Freier Speicherplatz</translation>
    </message>
    <message>
        <source>Work queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Verarbeitung</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) waiting</source>
        <translation>
            <numerusform>%n Nachricht wartet</numerusform>
            <numerusform>%n Nachrichten warten</numerusform>
        </translation>
    </message>
    <message>
        <source>Look at the disk</source>
        <translation>Datenträger ansehen</translation>
    </message>
    <message>
        <source>only {size} free</source>
        <translation>nur {size} frei</translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation>{size} frei</translation>
    </message>
    <message>
        <source>not reachable</source>
        <translation>nicht erreichbar</translation>
    </message>
</context>
<context>
    <name>Suggesting</name>
    <message>
        <source>Read the suggestions</source>
        <translation>Vorschläge lesen</translation>
    </message>
    <message>
        <source>The bag of this item is made already; it holds the suggestions as they were then.</source>
        <translation>Das Bag dieses Objekts ist schon gebaut; es enthält die Vorschläge, wie sie damals standen.</translation>
    </message>
    <message>
        <source>Decide over a suggestion: {kind}</source>
        <translation>Über einen Vorschlag entscheiden: {kind}</translation>
    </message>
</context>
<context>
    <name>SuggestionModel</name>
    <message>
        <source>About</source>
        <translation>Worüber</translation>
    </message>
    <message>
        <source>Suggested</source>
        <translation>Vorschlag</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>Sicher</translation>
    </message>
</context>
<context>
    <name>SuggestionPanel</name>
    <message>
        <source>Who suggests this</source>
        <translation>Wer das vorschlägt</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Of page {page}</source>
        <translation>Zu Seite {page}</translation>
    </message>
    <message>
        <source>Of the whole item</source>
        <translation>Zum ganzen Objekt</translation>
    </message>
    <message>
        <source>{about}, suggested by {source} {version}, {sure} sure. {status}.</source>
        <translation>{about}, vorgeschlagen von {source} {version}, zu {sure} sicher. {status}.</translation>
    </message>
    <message>
        <source>Suggestions about the page and its item</source>
        <translation>Vorschläge zur Seite und ihrem Objekt</translation>
    </message>
</context>
<context>
    <name>SummaryPanel</name>
    <message>
        <source>Capture at this desktop</source>
        <translation>An diesem Arbeitsplatz aufnehmen</translation>
    </message>
    <message>
        <source>Send to the workers at once</source>
        <translation>Sofort an die Verarbeitung geben</translation>
    </message>
    <message>
        <source>You capture the pages here; each item goes on its way when you mark it done.</source>
        <translation>Sie nehmen die Seiten hier auf; jedes Objekt läuft weiter, sobald Sie es abschließen.</translation>
    </message>
    <message>
        <source>The station&apos;s workers capture the pages by themselves, such as from a loaded feeder.</source>
        <translation>Die Verarbeitung der Station nimmt die Seiten selbst auf, etwa aus einem gefüllten Vorlageneinzug.</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Bag profile</source>
        <translation>BagIt-Profil</translation>
    </message>
    <message>
        <source>Goes to</source>
        <translation>Geht an</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n Objekt</numerusform>
            <numerusform>%n Objekte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) to capture</source>
        <translation>
            <numerusform>%n Seite aufzunehmen</numerusform>
            <numerusform>%n Seiten aufzunehmen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n existing image(s)</source>
        <translation>
            <numerusform>%n vorhandenes Bild</numerusform>
            <numerusform>%n vorhandene Bilder</numerusform>
        </translation>
    </message>
    <message>
        <source>Changed on disk: check again</source>
        <translation>Datei wurde geändert: erneut prüfen</translation>
    </message>
    <message>
        <source>This batch exists already</source>
        <translation>Diesen Stapel gibt es schon</translation>
    </message>
    <message numerus="yes">
        <source>%n error(s) to mend first</source>
        <translation>
            <numerusform>Zuerst %n Fehler beheben</numerusform>
            <numerusform>Zuerst %n Fehler beheben</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s) to decide about</source>
        <translation>
            <numerusform>Noch %n Warnung zu entscheiden</numerusform>
            <numerusform>Noch %n Warnungen zu entscheiden</numerusform>
        </translation>
    </message>
    <message>
        <source>Ready to be created</source>
        <translation>Kann angelegt werden</translation>
    </message>
</context>
<context>
    <name>SwitchEditor</name>
    <message>
        <source>On</source>
        <translation>Ein</translation>
    </message>
</context>
<context>
    <name>TargetBlock</name>
    <message>
        <source>storage target, bucket, folder, access key, secret, keyring</source>
        <translation>Archivspeicher, Bucket, Ordner, Zugangsschlüssel, Geheimnis, Schlüsselbund</translation>
    </message>
    <message>
        <source>Bags go to {folder} as long as no target is named here.</source>
        <translation>Pakete gehen nach {folder}, solange hier kein Ziel genannt ist.</translation>
    </message>
    <message>
        <source>Remove this target</source>
        <translation>Dieses Ziel entfernen</translation>
    </message>
    <message>
        <source>Remove the storage target {name}</source>
        <translation>Speicherziel {name} entfernen</translation>
    </message>
    <message>
        <source>Remove the storage target {name}?</source>
        <translation>Speicherziel {name} entfernen?</translation>
    </message>
    <message>
        <source>Bags that are stored there stay. Batches that name it cannot be uploaded until it is back. Its access key is taken out of the keyring.</source>
        <translation>Dort gespeicherte Pakete bleiben. Stapel, die es nennen, können nicht hochgeladen werden, bis es zurück ist. Sein Zugangsschlüssel wird aus dem Schlüsselbund genommen.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
</context>
<context>
    <name>TextEditor</name>
    <message>
        <source>left to Recto</source>
        <translation>Recto überlassen</translation>
    </message>
</context>
<context>
    <name>ThumbnailStrip</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>Removing the test scan</source>
        <translation>Testscan wird entfernt</translation>
    </message>
</context>
<context>
    <name>TrialPage</name>
    <message>
        <source>How much of the page has come</source>
        <translation>Wie viel von der Seite gekommen ist</translation>
    </message>
    <message>
        <source>A test scan belongs to no item. It is thrown away when you leave this page.</source>
        <translation>Ein Testscan gehört zu keinem Objekt. Er wird weggeworfen, wenn Sie diese Ansicht verlassen.</translation>
    </message>
    <message>
        <source>Test scan: {device}</source>
        <translation>Testscan: {device}</translation>
    </message>
    <message>
        <source>The page came whole</source>
        <translation>Die Seite kam vollständig</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>On paper</source>
        <translation>Auf dem Papier</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Colour and depth</source>
        <translation>Farbe und Tiefe</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>test scan, {facts}</source>
        <translation>Testscan, {facts}</translation>
    </message>
    <message>
        <source>Scan once more</source>
        <translation>Noch einmal scannen</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
</context>
<context>
    <name>UndoStacks</name>
    <message>
        <source>Undo or redo: {step}</source>
        <translation>Rückgängig machen oder wiederholen: {step}</translation>
    </message>
    <message>
        <source>Undo {step}</source>
        <translation>Rückgängig: {step}</translation>
    </message>
    <message>
        <source>Redo {step}</source>
        <translation>Wiederholen: {step}</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Opened last</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Drop a manifest here</source>
        <translation>Manifest hier ablegen</translation>
    </message>
    <message>
        <source>A manifest is the list of what is to be digitised: CSV, Excel, JSON or YAML. Every row is checked, and nothing is created while something is wrong with it.</source>
        <translation>Ein Manifest ist die Liste dessen, was digitalisiert werden soll: CSV, Excel, JSON oder YAML. Jede Zeile wird geprüft, und nichts wird angelegt, solange darin etwas falsch ist.</translation>
    </message>
    <message>
        <source>Open {name} again</source>
        <translation>{name} erneut öffnen</translation>
    </message>
</context>
<context>
    <name>WordsEditor</name>
    <message>
        <source>one a line</source>
        <translation>je Zeile eines</translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>Ready for the first page</source>
        <translation>Bereit für die erste Seite</translation>
    </message>
    <message>
        <source>Put the page in place, then press {key}.</source>
        <translation>Legen Sie die Seite auf und drücken Sie dann {key}.</translation>
    </message>
    <message>
        <source>This page is missing</source>
        <translation>Diese Seite fehlt</translation>
    </message>
    <message>
        <source>Its number stays free. If it turns up, capture it here.</source>
        <translation>Ihre Nummer bleibt frei. Findet sie sich, nehmen Sie sie hier auf.</translation>
    </message>
    <message>
        <source>This item is not captured here</source>
        <translation>Dieses Objekt wird nicht hier aufgenommen</translation>
    </message>
    <message>
        <source>Its images exist already, or it is captured without an operator.</source>
        <translation>Seine Bilder gibt es schon, oder es wird ohne Bedienperson aufgenommen.</translation>
    </message>
    <message>
        <source>This item is done</source>
        <translation>Dieses Objekt ist fertig</translation>
    </message>
    <message>
        <source>Its pages are on their way. See them in Quality, or go on with the next item.</source>
        <translation>Seine Seiten sind unterwegs. Sehen Sie sie unter „Qualität“ an oder nehmen Sie das nächste Objekt auf.</translation>
    </message>
    <message>
        <source>Whether the pedal captures</source>
        <translation>Ob das Pedal aufnimmt</translation>
    </message>
    <message>
        <source>Items of the batch</source>
        <translation>Objekte des Stapels</translation>
    </message>
</context>
<context>
    <name>_Detail</name>
    <message>
        <source>Reason, for the batch&apos;s history</source>
        <translation>Begründung für den Verlauf des Stapels</translation>
    </message>
    <message>
        <source>Why this warning may stand</source>
        <translation>Warum diese Warnung stehen bleiben darf</translation>
    </message>
    <message>
        <source>Decide about all warnings of this kind</source>
        <translation>Über alle Warnungen dieser Art entscheiden</translation>
    </message>
    <message>
        <source>Decide again</source>
        <translation>Neu entscheiden</translation>
    </message>
    <message>
        <source>Choose a problem, or press F8 to go from one to the next.</source>
        <translation>Wählen Sie ein Problem oder gehen Sie mit F8 von einem zum nächsten.</translation>
    </message>
    <message>
        <source>Reason: {reason}</source>
        <translation>Begründung: {reason}</translation>
    </message>
    <message numerus="yes">
        <source>All %n of this kind</source>
        <translation>
            <numerusform>Alle %n dieser Art</numerusform>
            <numerusform>Alle %n dieser Art</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_FileBar</name>
    <message>
        <source>Progress of reading</source>
        <translation>Fortschritt des Lesens</translation>
    </message>
    <message>
        <source>{done} of {total} items checked</source>
        <translation>{done} von {total} Objekten geprüft</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>Find an action</source>
        <translation>Aktion suchen</translation>
    </message>
    <message>
        <source>Show all keys</source>
        <translation>Alle Tasten zeigen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Show the page in a second window</source>
        <translation>Seite in zweitem Fenster zeigen</translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation>Zwischen Hell und Dunkel wechseln</translation>
    </message>
    <message>
        <source>Large type</source>
        <translation>Große Schrift</translation>
    </message>
    <message>
        <source>Put the newest message away</source>
        <translation>Neueste Meldung weglegen</translation>
    </message>
    <message>
        <source>Set Recto up step by step</source>
        <translation>Recto Schritt für Schritt einrichten</translation>
    </message>
    <message>
        <source>Save a report about a problem</source>
        <translation>Problembericht speichern</translation>
    </message>
    <message>
        <source>About Recto</source>
        <translation>Über Recto</translation>
    </message>
    <message>
        <source>Close Recto</source>
        <translation>Recto schließen</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Try step again</source>
        <translation>Schritt erneut versuchen</translation>
    </message>
    <message>
        <source>Try item again</source>
        <translation>Objekt erneut versuchen</translation>
    </message>
    <message>
        <source>Try all with this reason</source>
        <translation>Alle mit diesem Grund erneut versuchen</translation>
    </message>
    <message>
        <source>Accept with a reason</source>
        <translation>Mit Begründung annehmen</translation>
    </message>
    <message>
        <source>Hold back</source>
        <translation>Zurückhalten</translation>
    </message>
    <message>
        <source>Let go on</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Hold the whole batch back</source>
        <translation>Ganzen Stapel zurückhalten</translation>
    </message>
    <message>
        <source>Let the whole batch go on</source>
        <translation>Ganzen Stapel freigeben</translation>
    </message>
    <message>
        <source>Hold this step back in the whole batch</source>
        <translation>Diesen Schritt im ganzen Stapel zurückhalten</translation>
    </message>
    <message>
        <source>Let this step go on in the whole batch</source>
        <translation>Diesen Schritt im ganzen Stapel freigeben</translation>
    </message>
    <message>
        <source>Verify bag and copies now</source>
        <translation>Paket und Kopien jetzt prüfen</translation>
    </message>
    <message>
        <source>Open the item&apos;s folder</source>
        <translation>Ordner des Objekts öffnen</translation>
    </message>
    <message>
        <source>Next item that needs you</source>
        <translation>Nächstes Objekt, das Sie braucht</translation>
    </message>
    <message>
        <source>Previous item that needs you</source>
        <translation>Voriges Objekt, das Sie braucht</translation>
    </message>
    <message>
        <source>Look for an item</source>
        <translation>Objekt suchen</translation>
    </message>
    <message>
        <source>Show the way of the item</source>
        <translation>Weg des Objekts zeigen</translation>
    </message>
    <message>
        <source>Show the stored copies</source>
        <translation>Gespeicherte Kopien zeigen</translation>
    </message>
    <message>
        <source>Show the log of the step</source>
        <translation>Protokoll des Schritts zeigen</translation>
    </message>
    <message>
        <source>Show the details</source>
        <translation>Details zeigen</translation>
    </message>
    <message>
        <source>Read the board again</source>
        <translation>Übersicht neu lesen</translation>
    </message>
    <message>
        <source>Start the workers</source>
        <translation>Verarbeitung starten</translation>
    </message>
    <message>
        <source>Import a manifest</source>
        <translation>Manifest importieren</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Retake this page</source>
        <translation>Seite erneut aufnehmen</translation>
    </message>
    <message>
        <source>Item done, go to the next</source>
        <translation>Objekt fertig, zum nächsten</translation>
    </message>
    <message>
        <source>Stop the scan</source>
        <translation>Scan anhalten</translation>
    </message>
    <message>
        <source>Preview and crop</source>
        <translation>Vorschau und Ausschnitt</translation>
    </message>
    <message>
        <source>Next page</source>
        <translation>Nächste Seite</translation>
    </message>
    <message>
        <source>Previous page</source>
        <translation>Vorige Seite</translation>
    </message>
    <message>
        <source>First page</source>
        <translation>Erste Seite</translation>
    </message>
    <message>
        <source>Last page</source>
        <translation>Letzte Seite</translation>
    </message>
    <message>
        <source>Insert before this page</source>
        <translation>Vor dieser Seite einfügen</translation>
    </message>
    <message>
        <source>Mark a missing page after this one</source>
        <translation>Danach fehlende Seite markieren</translation>
    </message>
    <message>
        <source>Discard this page</source>
        <translation>Seite verwerfen</translation>
    </message>
    <message>
        <source>Move this page earlier</source>
        <translation>Seite nach vorn schieben</translation>
    </message>
    <message>
        <source>Move this page later</source>
        <translation>Seite nach hinten schieben</translation>
    </message>
    <message>
        <source>Interleave fronts and backs</source>
        <translation>Vorder- und Rückseiten zusammenführen</translation>
    </message>
    <message>
        <source>Label pages</source>
        <translation>Seiten bezeichnen</translation>
    </message>
    <message>
        <source>Add image files</source>
        <translation>Bilddateien hinzufügen</translation>
    </message>
    <message>
        <source>Turn the view left</source>
        <translation>Ansicht nach links drehen</translation>
    </message>
    <message>
        <source>Turn the view right</source>
        <translation>Ansicht nach rechts drehen</translation>
    </message>
    <message>
        <source>Fit to the window</source>
        <translation>In das Fenster einpassen</translation>
    </message>
    <message>
        <source>Zoom 100 %</source>
        <translation>Zoom 100 %</translation>
    </message>
    <message>
        <source>Zoom 50 %</source>
        <translation>Zoom 50 %</translation>
    </message>
    <message>
        <source>Zoom 25 %</source>
        <translation>Zoom 25 %</translation>
    </message>
    <message>
        <source>Show or hide details</source>
        <translation>Details ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Next item</source>
        <translation>Nächstes Objekt</translation>
    </message>
    <message>
        <source>Previous item</source>
        <translation>Voriges Objekt</translation>
    </message>
    <message>
        <source>Choose a batch</source>
        <translation>Stapel wählen</translation>
    </message>
    <message>
        <source>Choose the scanner</source>
        <translation>Scanner wählen</translation>
    </message>
    <message>
        <source>Arm or disarm the pedal</source>
        <translation>Pedal ein- oder ausschalten</translation>
    </message>
    <message>
        <source>Teach the pedal&apos;s key</source>
        <translation>Pedaltaste lernen</translation>
    </message>
    <message>
        <source>Sound at each page on or off</source>
        <translation>Ton je Seite ein- oder ausschalten</translation>
    </message>
    <message>
        <source>Use the scan profile on this key</source>
        <translation>Scanprofil dieser Taste verwenden</translation>
    </message>
    <message>
        <source>Look for scanners</source>
        <translation>Scanner suchen</translation>
    </message>
    <message>
        <source>Test scan</source>
        <translation>Testscan</translation>
    </message>
    <message>
        <source>Technical details</source>
        <translation>Technische Details</translation>
    </message>
    <message>
        <source>Back to the devices</source>
        <translation>Zurück zu den Geräten</translation>
    </message>
    <message>
        <source>Stop the test scan</source>
        <translation>Testscan anhalten</translation>
    </message>
    <message>
        <source>Use a simulated scanner</source>
        <translation>Simulierten Scanner verwenden</translation>
    </message>
    <message>
        <source>Scan profiles</source>
        <translation>Scanprofile</translation>
    </message>
    <message>
        <source>Open a manifest</source>
        <translation>Manifest öffnen</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Lesen anhalten</translation>
    </message>
    <message>
        <source>Next problem</source>
        <translation>Nächstes Problem</translation>
    </message>
    <message>
        <source>Previous problem</source>
        <translation>Voriges Problem</translation>
    </message>
    <message>
        <source>Let this warning stand</source>
        <translation>Diese Warnung zulassen</translation>
    </message>
    <message>
        <source>Export with a Problems column</source>
        <translation>Mit Spalte „Problems“ exportieren</translation>
    </message>
    <message>
        <source>Create the batch</source>
        <translation>Stapel anlegen</translation>
    </message>
    <message>
        <source>Go on with the batch that exists</source>
        <translation>Mit dem vorhandenen Stapel weiterarbeiten</translation>
    </message>
    <message>
        <source>Start capturing</source>
        <translation>Aufnahme beginnen</translation>
    </message>
    <message>
        <source>See the batch on the board</source>
        <translation>Stapel in der Übersicht zeigen</translation>
    </message>
    <message>
        <source>Put this manifest away</source>
        <translation>Dieses Manifest weglegen</translation>
    </message>
    <message>
        <source>Open the sample batch</source>
        <translation>Beispielstapel öffnen</translation>
    </message>
    <message>
        <source>Fill in a form instead</source>
        <translation>Stattdessen Formular ausfüllen</translation>
    </message>
    <message>
        <source>Add an item</source>
        <translation>Objekt hinzufügen</translation>
    </message>
    <message>
        <source>Duplicate the items</source>
        <translation>Objekte duplizieren</translation>
    </message>
    <message>
        <source>Paste rows as items</source>
        <translation>Zeilen als Objekte einfügen</translation>
    </message>
    <message>
        <source>Delete the items</source>
        <translation>Objekte löschen</translation>
    </message>
    <message>
        <source>Undo in the form</source>
        <translation>Im Formular rückgängig machen</translation>
    </message>
    <message>
        <source>Redo in the form</source>
        <translation>Im Formular wiederholen</translation>
    </message>
    <message>
        <source>Save the manifest</source>
        <translation>Manifest speichern</translation>
    </message>
    <message>
        <source>Save and import</source>
        <translation>Speichern und importieren</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Accept this page</source>
        <translation>Seite annehmen</translation>
    </message>
    <message>
        <source>Reject this page</source>
        <translation>Seite ablehnen</translation>
    </message>
    <message>
        <source>Take the verdict back</source>
        <translation>Bewertung zurücknehmen</translation>
    </message>
    <message>
        <source>Capture this page again</source>
        <translation>Seite erneut aufnehmen</translation>
    </message>
    <message>
        <source>Accept the held item with a reason</source>
        <translation>Zurückgehaltenes Objekt mit Begründung annehmen</translation>
    </message>
    <message>
        <source>Accept the suggestion</source>
        <translation>Vorschlag annehmen</translation>
    </message>
    <message>
        <source>Refuse the suggestion</source>
        <translation>Vorschlag ablehnen</translation>
    </message>
    <message>
        <source>Leave the suggestion open again</source>
        <translation>Vorschlag wieder offen lassen</translation>
    </message>
    <message>
        <source>Next open suggestion</source>
        <translation>Nächster offener Vorschlag</translation>
    </message>
    <message>
        <source>Next page that needs a look</source>
        <translation>Nächste Seite, die einen Blick braucht</translation>
    </message>
    <message>
        <source>Show other pages</source>
        <translation>Andere Seiten zeigen</translation>
    </message>
    <message>
        <source>Compare two pages</source>
        <translation>Zwei Seiten vergleichen</translation>
    </message>
    <message>
        <source>Move compared pages together</source>
        <translation>Verglichene Seiten gemeinsam bewegen</translation>
    </message>
    <message>
        <source>Show the loupe</source>
        <translation>Lupe zeigen</translation>
    </message>
    <message>
        <source>Show pages as a grid</source>
        <translation>Seiten als Raster zeigen</translation>
    </message>
    <message>
        <source>Show the whole page</source>
        <translation>Ganze Seite zeigen</translation>
    </message>
    <message>
        <source>Zoom to 100 %</source>
        <translation>Zoom auf 100 %</translation>
    </message>
    <message>
        <source>Zoom to 50 %</source>
        <translation>Zoom auf 50 %</translation>
    </message>
    <message>
        <source>100 % at the pointer, and back</source>
        <translation>100 % am Zeiger und zurück</translation>
    </message>
</context>
<context>
    <name>board</name>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{done} of {total} p.</source>
        <translation>{done} von {total} S.</translation>
    </message>
    <message>
        <source>{done} of {total} parts</source>
        <translation>{done} von {total} Teilen</translation>
    </message>
    <message>
        <source>Read back whole: every byte is equal</source>
        <translation>Ganz zurückgelesen: Jedes Byte ist gleich</translation>
    </message>
    <message>
        <source>The archive has taken it over: its receipt is proved</source>
        <translation>Vom Archiv übernommen: Seine Quittung ist bewiesen</translation>
    </message>
    <message>
        <source>The storage told the right checksum</source>
        <translation>Der Archivspeicher nennt die richtige Prüfsumme</translation>
    </message>
    <message>
        <source>The storage told the right checksum of all parts</source>
        <translation>Der Archivspeicher nennt für alle Teile die richtige Prüfsumme</translation>
    </message>
    <message>
        <source>Only the size is proved</source>
        <translation>Nur die Größe ist nachgewiesen</translation>
    </message>
    <message>
        <source>Read back, and it was not equal</source>
        <translation>Zurückgelesen, aber nicht gleich</translation>
    </message>
    <message>
        <source>Nothing is proved yet</source>
        <translation>Noch nichts nachgewiesen</translation>
    </message>
    <message>
        <source>Verified now: every byte is equal</source>
        <translation>Jetzt geprüft: Jedes Byte ist gleich</translation>
    </message>
    <message>
        <source>Verified now: not proved</source>
        <translation>Jetzt geprüft: nicht nachgewiesen</translation>
    </message>
    <message>
        <source>The bag that was sent</source>
        <translation>Das gesendete Paket</translation>
    </message>
    <message>
        <source>All items</source>
        <translation>Alle Objekte</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Braucht Sie</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>Zurückgehalten</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Capture and describe</source>
        <translation>Aufnehmen und beschreiben</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Text erkennen</translation>
    </message>
    <message>
        <source>Deliver</source>
        <translation>Abliefern</translation>
    </message>
    <message>
        <source>{number} attempts</source>
        <translation>{number} Versuche</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Images and text</source>
        <translation>Bilder und Text</translation>
    </message>
    <message>
        <source>Large images</source>
        <translation>Große Bilder</translation>
    </message>
    <message>
        <source>Bags and uploads</source>
        <translation>Pakete und Uploads</translation>
    </message>
    <message>
        <source>{worker} answered {time} ago</source>
        <translation>{worker} antwortete vor {time}</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>Bag</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Upload</translation>
    </message>
    <message>
        <source>Proof</source>
        <translation>Nachweis</translation>
    </message>
    <message>
        <source>What the manifest asks for is checked against this station.</source>
        <translation>Was das Manifest verlangt, wird mit dieser Station abgeglichen.</translation>
    </message>
    <message>
        <source>Pages become masters, and each is read back.</source>
        <translation>Aus Seiten werden Masterdateien; jede wird zurückgelesen.</translation>
    </message>
    <message>
        <source>Technical metadata, quality checks and viewing copies of each page.</source>
        <translation>Technische Metadaten, Qualitätsprüfung und Ansichtskopie jeder Seite.</translation>
    </message>
    <message>
        <source>Suggestions for language, dates and key phrases.</source>
        <translation>Vorschläge für Sprache, Daten und Schlagwörter.</translation>
    </message>
    <message>
        <source>The text of each page is read.</source>
        <translation>Der Text jeder Seite wird erkannt.</translation>
    </message>
    <message>
        <source>The searchable PDF and the text of the whole item.</source>
        <translation>Das durchsuchbare PDF und der Text des ganzen Objekts.</translation>
    </message>
    <message>
        <source>Pages and metadata are packed into a bag.</source>
        <translation>Seiten und Metadaten werden in ein Paket gelegt.</translation>
    </message>
    <message>
        <source>The bag is sent to every storage.</source>
        <translation>Das Paket geht an jeden Archivspeicher.</translation>
    </message>
    <message>
        <source>The stored bytes are read back and proved equal.</source>
        <translation>Das Gespeicherte wird zurückgelesen und muss Byte für Byte gleich sein.</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Gescheitert</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>At the desk</source>
        <translation>Am Arbeitsplatz</translation>
    </message>
    <message>
        <source>Tries again</source>
        <translation>Versucht es erneut</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>ein Grund wurde nicht angegeben</translation>
    </message>
    <message>
        <source>{step} waits: {reason}</source>
        <translation>{step} wartet: {reason}</translation>
    </message>
    <message>
        <source>{step} is on hold: {reason}</source>
        <translation>{step} wird zurückgehalten: {reason}</translation>
    </message>
    <message>
        <source>{step} is on hold in all batches: {reason}</source>
        <translation>{step} wird in allen Stapeln zurückgehalten: {reason}</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} min {seconds} s</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
</context>
<context>
    <name>capture state</name>
    <message>
        <source>No scanner chosen</source>
        <translation>Kein Scanner gewählt</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Hält an</translation>
    </message>
</context>
<context>
    <name>closing</name>
    <message>
        <source>Close Recto?</source>
        <translation>Recto schließen?</translation>
    </message>
    <message>
        <source>Something is not finished:</source>
        <translation>Noch nicht beendet:</translation>
    </message>
    <message>
        <source>Close anyway</source>
        <translation>Trotzdem schließen</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
</context>
<context>
    <name>device</name>
    <message>
        <source>Scan source</source>
        <translation>Scanquelle</translation>
    </message>
    <message>
        <source>Where the sheet comes from.</source>
        <translation>Woher das Blatt kommt.</translation>
    </message>
    <message>
        <source>Scan mode</source>
        <translation>Scanmodus</translation>
    </message>
    <message>
        <source>Scan Mode</source>
        <translation>Scanmodus</translation>
    </message>
    <message>
        <source>Bilevel, gray or colour.</source>
        <translation>Schwarzweiß, Graustufen oder Farbe.</translation>
    </message>
    <message>
        <source>Bit depth</source>
        <translation>Farbtiefe</translation>
    </message>
    <message>
        <source>Bits a sample.</source>
        <translation>Bit je Farbwert.</translation>
    </message>
    <message>
        <source>Scan resolution</source>
        <translation>Scanauflösung</translation>
    </message>
    <message>
        <source>Resolution of the page, in both directions.</source>
        <translation>Auflösung der Seite in beiden Richtungen.</translation>
    </message>
    <message>
        <source>Page width</source>
        <translation>Seitenbreite</translation>
    </message>
    <message>
        <source>Width of the sheets in the feeder; the area cannot be wider.</source>
        <translation>Breite der Blätter im Einzug; breiter kann der Ausschnitt nicht sein.</translation>
    </message>
    <message>
        <source>Page height</source>
        <translation>Seitenhöhe</translation>
    </message>
    <message>
        <source>Length of the sheets in the feeder; the area cannot be longer.</source>
        <translation>Länge der Blätter im Einzug; länger kann der Ausschnitt nicht sein.</translation>
    </message>
    <message>
        <source>Geometry</source>
        <translation>Scanbereich</translation>
    </message>
    <message>
        <source>Top-left x</source>
        <translation>Links oben, x</translation>
    </message>
    <message>
        <source>Left edge of the scan area.</source>
        <translation>Linker Rand des Ausschnitts.</translation>
    </message>
    <message>
        <source>Top-left y</source>
        <translation>Links oben, y</translation>
    </message>
    <message>
        <source>Upper edge of the scan area.</source>
        <translation>Oberer Rand des Ausschnitts.</translation>
    </message>
    <message>
        <source>Bottom-right x</source>
        <translation>Rechts unten, x</translation>
    </message>
    <message>
        <source>Right edge of the scan area; at its greatest the edge of the sheet is found.</source>
        <translation>Rechter Rand des Ausschnitts; beim größten Wert wird der Blattrand gesucht.</translation>
    </message>
    <message>
        <source>Bottom-right y</source>
        <translation>Rechts unten, y</translation>
    </message>
    <message>
        <source>Lower edge of the scan area; at its greatest the edge of the sheet is found.</source>
        <translation>Unterer Rand des Ausschnitts; beim größten Wert wird der Blattrand gesucht.</translation>
    </message>
    <message>
        <source>Sensors</source>
        <translation>Sensoren</translation>
    </message>
    <message>
        <source>Page loaded</source>
        <translation>Blatt eingelegt</translation>
    </message>
    <message>
        <source>Whether there is a sheet in the feeder, or on the glass.</source>
        <translation>Ob ein Blatt im Einzug oder auf dem Vorlagenglas liegt.</translation>
    </message>
    <message>
        <source>Cover open</source>
        <translation>Abdeckung offen</translation>
    </message>
    <message>
        <source>Whether the cover is open.</source>
        <translation>Ob die Abdeckung offen ist.</translation>
    </message>
    <message>
        <source>Scan button</source>
        <translation>Scantaste</translation>
    </message>
    <message>
        <source>Whether the button on the device was pressed since it was last asked.</source>
        <translation>Ob die Taste am Gerät seit der letzten Abfrage gedrückt wurde.</translation>
    </message>
    <message>
        <source>Simulation</source>
        <translation>Simulation</translation>
    </message>
    <message>
        <source>Open the cover</source>
        <translation>Abdeckung öffnen</translation>
    </message>
    <message>
        <source>Opens and closes the cover of the simulated device.</source>
        <translation>Öffnet und schließt die Abdeckung des simulierten Geräts.</translation>
    </message>
    <message>
        <source>Load a sheet</source>
        <translation>Blatt einlegen</translation>
    </message>
    <message>
        <source>Puts a sheet before the sensor of the simulated device, or takes it away.</source>
        <translation>Legt ein Blatt vor den Sensor des simulierten Geräts oder nimmt es weg.</translation>
    </message>
    <message>
        <source>Press the scan button</source>
        <translation>Scantaste drücken</translation>
    </message>
    <message>
        <source>Presses the button of the simulated device.</source>
        <translation>Drückt die Taste des simulierten Geräts.</translation>
    </message>
    <message>
        <source>Flatbed</source>
        <translation>Flachbett</translation>
    </message>
    <message>
        <source>ADF</source>
        <translation>Vorlageneinzug</translation>
    </message>
    <message>
        <source>ADF Front</source>
        <translation>Vorlageneinzug, Vorderseite</translation>
    </message>
    <message>
        <source>ADF Duplex</source>
        <translation>Vorlageneinzug, beidseitig</translation>
    </message>
    <message>
        <source>Slide</source>
        <translation>Dia</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>Negativ</translation>
    </message>
    <message>
        <source>Both pages</source>
        <translation>Beide Seiten</translation>
    </message>
    <message>
        <source>Left page</source>
        <translation>Linke Seite</translation>
    </message>
    <message>
        <source>Right page</source>
        <translation>Rechte Seite</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>Graustufen</translation>
    </message>
    <message>
        <source>Lineart</source>
        <translation>Schwarzweiß</translation>
    </message>
    <message>
        <source>Infrared</source>
        <translation>Infrarot</translation>
    </message>
</context>
<context>
    <name>devices</name>
    <message>
        <source>Test scan</source>
        <translation>Testscan</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Choose other settings</source>
        <translation>Andere Werte wählen</translation>
    </message>
    <message>
        <source>Start the driver again</source>
        <translation>Treiber neu starten</translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation>Erneut verbinden</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbindet</translation>
    </message>
    <message>
        <source>Scanning</source>
        <translation>Scannt</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Hält an</translation>
    </message>
    <message>
        <source>Not ready yet</source>
        <translation>Noch nicht bereit</translation>
    </message>
    <message>
        <source>In use by another program</source>
        <translation>Von anderem Programm belegt</translation>
    </message>
    <message>
        <source>Warming up</source>
        <translation>Wärmt auf</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>Folder is not there</source>
        <translation>Ordner fehlt</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Braucht Hilfe</translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation>Antwortet nicht</translation>
    </message>
    <message>
        <source>Still warming up</source>
        <translation>Wärmt noch auf</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Jetzt erneut versuchen</translation>
    </message>
    <message>
        <source>Transport lock is on</source>
        <translation>Transportsicherung eingelegt</translation>
    </message>
    <message>
        <source>Release the lock, then continue</source>
        <translation>Sicherung lösen, dann weiter</translation>
    </message>
    <message>
        <source>Went away</source>
        <translation>Nicht mehr da</translation>
    </message>
    <message>
        <source>May not be used</source>
        <translation>Zugriff nicht erlaubt</translation>
    </message>
    <message>
        <source>Feeder empty</source>
        <translation>Vorlageneinzug leer</translation>
    </message>
    <message>
        <source>Load sheets, then continue</source>
        <translation>Blätter einlegen, dann weiter</translation>
    </message>
    <message>
        <source>Paper jam</source>
        <translation>Papierstau</translation>
    </message>
    <message>
        <source>Take the sheet out, then continue</source>
        <translation>Blatt herausnehmen, dann weiter</translation>
    </message>
    <message>
        <source>Two sheets at once</source>
        <translation>Zwei Blätter zugleich</translation>
    </message>
    <message>
        <source>Separate the sheets, then continue</source>
        <translation>Blätter trennen, dann weiter</translation>
    </message>
    <message>
        <source>Cover open</source>
        <translation>Abdeckung offen</translation>
    </message>
    <message>
        <source>Close cover, then continue</source>
        <translation>Abdeckung schließen, dann weiter</translation>
    </message>
    <message>
        <source>Did nothing for too long</source>
        <translation>Zu lange untätig</translation>
    </message>
    <message>
        <source>Driver stopped</source>
        <translation>Treiber beendet</translation>
    </message>
    <message>
        <source>Driver did not come back</source>
        <translation>Treiber meldet sich nicht mehr</translation>
    </message>
    <message>
        <source>Scanner software is missing</source>
        <translation>Scannersoftware fehlt</translation>
    </message>
    <message>
        <source>Connection failed</source>
        <translation>Verbindung abgebrochen</translation>
    </message>
    <message>
        <source>Page too large</source>
        <translation>Seite zu groß</translation>
    </message>
    <message>
        <source>Settings do not fit</source>
        <translation>Einstellungen passen nicht</translation>
    </message>
    <message>
        <source>Station is set up wrongly</source>
        <translation>Station falsch eingerichtet</translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation>Einstellungen öffnen</translation>
    </message>
    <message>
        <source>Description cannot be read</source>
        <translation>Beschreibung nicht lesbar</translation>
    </message>
    <message>
        <source>Page came incomplete</source>
        <translation>Seite kam unvollständig</translation>
    </message>
    <message>
        <source>Scan again</source>
        <translation>Erneut scannen</translation>
    </message>
    <message>
        <source>Unknown kind of image</source>
        <translation>Unbekannte Art von Bild</translation>
    </message>
    <message>
        <source>Disk is full</source>
        <translation>Datenträger voll</translation>
    </message>
    <message>
        <source>Make room, then continue</source>
        <translation>Platz schaffen, dann weiter</translation>
    </message>
    <message>
        <source>Stopped at the device</source>
        <translation>Am Gerät angehalten</translation>
    </message>
    <message>
        <source>Simulated: Recto draws the pages itself</source>
        <translation>Simuliert: Recto zeichnet die Seiten selbst</translation>
    </message>
    <message>
        <source>SANE&apos;s test device: draws test pictures, scans no paper</source>
        <translation>SANE-Testgerät: zeichnet Testbilder, scannt kein Papier</translation>
    </message>
    <message>
        <source>Folder that a camera writes into</source>
        <translation>Ordner, in den eine Kamera schreibt</translation>
    </message>
    <message>
        <source>Real scanner, driver {backend}</source>
        <translation>Echter Scanner, Treiber {backend}</translation>
    </message>
    <message>
        <source>The driver {driver} did not answer in time. If it is only slow, allow it more time under Settings.</source>
        <translation>Der Treiber {driver} hat nicht rechtzeitig geantwortet. Ist er nur langsam, erlauben Sie ihm in den Einstellungen mehr Zeit.</translation>
    </message>
    <message>
        <source>The driver {driver} stopped while it looked. Look again, or leave it out under Settings.</source>
        <translation>Der Treiber {driver} wurde bei der Suche beendet. Suchen Sie erneut oder lassen Sie ihn in den Einstellungen weg.</translation>
    </message>
    <message>
        <source>The driver {driver} is named in the settings and is not installed. Install it, or leave it out.</source>
        <translation>Der Treiber {driver} ist eingestellt, aber nicht installiert. Installieren Sie ihn oder lassen Sie ihn weg.</translation>
    </message>
    <message>
        <source>The host {driver} offers no scanner, or does not answer. Look whether it is switched on.</source>
        <translation>Der Rechner {driver} bietet keinen Scanner an oder antwortet nicht. Sehen Sie nach, ob er eingeschaltet ist.</translation>
    </message>
    <message>
        <source>Not all drivers answered in time. Look again, or allow more time under Settings.</source>
        <translation>Nicht alle Treiber haben rechtzeitig geantwortet. Suchen Sie erneut oder erlauben Sie in den Einstellungen mehr Zeit.</translation>
    </message>
    <message>
        <source>SANE</source>
        <translation>SANE</translation>
    </message>
    <message>
        <source>SIMULATED</source>
        <translation>SIMULIERT</translation>
    </message>
    <message>
        <source>Recto draws these pages itself. They are no scans of anything.</source>
        <translation>Recto zeichnet diese Seiten selbst. Sie sind keine Scans.</translation>
    </message>
    <message>
        <source>The simulated scanner “{name}” was added to the settings.</source>
        <translation>Der simulierte Scanner „{name}“ steht jetzt in den Einstellungen.</translation>
    </message>
    <message>
        <source>Adding a simulated scanner</source>
        <translation>Simulierter Scanner wird hinzugefügt</translation>
    </message>
    <message>
        <source>No test scan yet</source>
        <translation>Noch kein Testscan</translation>
    </message>
    <message>
        <source>Last test scan {time}: {facts}</source>
        <translation>Letzter Testscan {time}: {facts}</translation>
    </message>
    <message>
        <source>resolution not told</source>
        <translation>Auflösung unbekannt</translation>
    </message>
    <message>
        <source>black and white, 1 bit</source>
        <translation>schwarzweiß, 1 Bit</translation>
    </message>
    <message>
        <source>colour, {bits} bit</source>
        <translation>Farbe, {bits} Bit</translation>
    </message>
    <message>
        <source>gray, {bits} bit</source>
        <translation>Graustufen, {bits} Bit</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{width} x {height} pixels</source>
        <translation>{width} x {height} Pixel</translation>
    </message>
    <message>
        <source>{width} x {height} mm</source>
        <translation>{width} x {height} mm</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Bezeichnung</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Retake</source>
        <translation>Neuaufnahme</translation>
    </message>
    <message>
        <source>Scanner</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>Captured</source>
        <translation>Aufgenommen</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>{bits} bit</source>
        <translation>{bits} Bit</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Farbtiefe</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>black and white</source>
        <translation>schwarzweiß</translation>
    </message>
    <message>
        <source>gray, ICC profile gray</source>
        <translation>Graustufen, ICC-Profil gray</translation>
    </message>
    <message>
        <source>colour, ICC profile {name}</source>
        <translation>Farbe, ICC-Profil {name}</translation>
    </message>
    <message>
        <source>Pure white</source>
        <translation>Reines Weiß</translation>
    </message>
    <message>
        <source>Pure black</source>
        <translation>Reines Schwarz</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>Urheber</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Rights</source>
        <translation>Rechte</translation>
    </message>
    <message>
        <source>Collection</source>
        <translation>Bestand</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>Institution</translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>Verlangt</translation>
    </message>
</context>
<context>
    <name>failures</name>
    <message>
        <source>A step could not be done</source>
        <translation>Ein Schritt war nicht möglich</translation>
    </message>
    <message>
        <source>Nothing was changed by it.</source>
        <translation>Er hat nichts verändert.</translation>
    </message>
    <message>
        <source>Look at the details, then try again.</source>
        <translation>Sehen Sie in die Details und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>An item&apos;s description cannot be written</source>
        <translation>Die Beschreibung eines Objekts kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>No bag was made.</source>
        <translation>Es wurde kein Paket erstellt.</translation>
    </message>
    <message>
        <source>Correct the value that is named below in the manifest, then try again.</source>
        <translation>Berichtigen Sie im Manifest den unten genannten Wert und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Show on the board</source>
        <translation>In der Übersicht zeigen</translation>
    </message>
    <message>
        <source>An image is not as it must be</source>
        <translation>Ein Bild ist nicht so, wie es sein muss</translation>
    </message>
    <message>
        <source>No page was made from it.</source>
        <translation>Es wurde keine Seite daraus.</translation>
    </message>
    <message>
        <source>Look at the details, then capture the page again.</source>
        <translation>Sehen Sie in die Details und nehmen Sie die Seite dann erneut auf.</translation>
    </message>
    <message>
        <source>Capture again</source>
        <translation>Erneut aufnehmen</translation>
    </message>
    <message>
        <source>An image is damaged</source>
        <translation>Ein Bild ist beschädigt</translation>
    </message>
    <message>
        <source>Capture the page again, or put an undamaged file in its place.</source>
        <translation>Nehmen Sie die Seite erneut auf oder ersetzen Sie die Datei durch eine unbeschädigte.</translation>
    </message>
    <message>
        <source>An image could not be read</source>
        <translation>Ein Bild konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>The page is not shown. Its file was not touched.</source>
        <translation>Die Seite wird nicht angezeigt. Ihre Datei ist unverändert.</translation>
    </message>
    <message>
        <source>Show the page again. If it happens twice, capture the page again.</source>
        <translation>Zeigen Sie die Seite noch einmal an. Scheitert es wieder, nehmen Sie die Seite erneut auf.</translation>
    </message>
    <message>
        <source>Show again</source>
        <translation>Erneut anzeigen</translation>
    </message>
    <message>
        <source>Recto does not read this kind of image</source>
        <translation>Diese Art von Bild kann Recto nicht lesen</translation>
    </message>
    <message>
        <source>The file was not taken in.</source>
        <translation>Die Datei wurde nicht übernommen.</translation>
    </message>
    <message>
        <source>Save it as TIFF, JPEG or PNG and add it again.</source>
        <translation>Speichern Sie sie als TIFF, JPEG oder PNG und fügen Sie sie noch einmal hinzu.</translation>
    </message>
    <message>
        <source>Add another file</source>
        <translation>Andere Datei hinzufügen</translation>
    </message>
    <message>
        <source>The quality profile cannot be used</source>
        <translation>Das Qualitätsprofil ist nicht verwendbar</translation>
    </message>
    <message>
        <source>No page was checked.</source>
        <translation>Es wurde keine Seite geprüft.</translation>
    </message>
    <message>
        <source>Mend the file, or choose a profile that comes with Recto.</source>
        <translation>Berichtigen Sie die Datei oder wählen Sie ein Profil, das Recto mitbringt.</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>Einstellungen öffnen</translation>
    </message>
    <message>
        <source>Masters cannot be written as they are asked for</source>
        <translation>So, wie verlangt, lassen sich keine Master schreiben</translation>
    </message>
    <message>
        <source>No master was written.</source>
        <translation>Es wurde kein Master geschrieben.</translation>
    </message>
    <message>
        <source>Choose none or deflate as the compression of masters.</source>
        <translation>Wählen Sie als Kompression der Master none oder deflate.</translation>
    </message>
    <message>
        <source>The page does not fit the rules for masters</source>
        <translation>Die Seite passt nicht zu den Regeln für Master</translation>
    </message>
    <message>
        <source>No master was written. What was scanned waits in the spool.</source>
        <translation>Es wurde kein Master geschrieben. Das Gescannte wartet im Zwischenspeicher.</translation>
    </message>
    <message>
        <source>Scan with settings that the rules allow, or choose other rules for masters.</source>
        <translation>Scannen Sie mit Einstellungen, die die Regeln erlauben, oder wählen Sie andere Regeln für Master.</translation>
    </message>
    <message>
        <source>The tag set cannot be used</source>
        <translation>Der Tag-Satz ist nicht verwendbar</translation>
    </message>
    <message>
        <source>No master was written or checked.</source>
        <translation>Es wurde kein Master geschrieben oder geprüft.</translation>
    </message>
    <message>
        <source>Mend the file, or choose a tag set that comes with Recto.</source>
        <translation>Berichtigen Sie die Datei, oder wählen Sie einen mitgelieferten Tag-Satz.</translation>
    </message>
    <message>
        <source>There is no such tag set</source>
        <translation>Diesen Tag-Satz gibt es nicht</translation>
    </message>
    <message>
        <source>Choose a tag set that comes with Recto, or the path of your own.</source>
        <translation>Wählen Sie einen mitgelieferten Tag-Satz oder den Pfad eines eigenen.</translation>
    </message>
    <message>
        <source>The description of the target sheet cannot be used</source>
        <translation>Die Beschreibung der Testtafel ist nicht verwendbar</translation>
    </message>
    <message>
        <source>No target was measured.</source>
        <translation>Es wurde keine Testtafel gemessen.</translation>
    </message>
    <message>
        <source>Mend the file; the shipped target sheets show what one looks like.</source>
        <translation>Berichtigen Sie die Datei; die mitgelieferten Beschreibungen zeigen, wie eine aussieht.</translation>
    </message>
    <message>
        <source>The levels for targets cannot be used</source>
        <translation>Die Stufen für Testtafeln sind nicht verwendbar</translation>
    </message>
    <message>
        <source>Mend the file; the shipped levels show what one looks like.</source>
        <translation>Berichtigen Sie die Datei; die mitgelieferten Stufen zeigen, wie eine aussieht.</translation>
    </message>
    <message>
        <source>No target was found in the picture</source>
        <translation>Im Bild wurde keine Testtafel gefunden</translation>
    </message>
    <message>
        <source>The scanner was not measured; nothing is known of its colours today.</source>
        <translation>Der Scanner wurde nicht gemessen; über seine Farben ist heute nichts bekannt.</translation>
    </message>
    <message>
        <source>Lay the target flat and upright on the glass, alone and whole in the picture, and scan it again.</source>
        <translation>Legen Sie die Testtafel flach und aufrecht auf das Glas, allein und ganz im Bild, und scannen Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>There is no such quality profile</source>
        <translation>Dieses Qualitätsprofil gibt es nicht</translation>
    </message>
    <message>
        <source>Choose a profile that comes with Recto, or the path of your own.</source>
        <translation>Wählen Sie ein Profil, das Recto mitbringt, oder den Pfad eines eigenen.</translation>
    </message>
    <message>
        <source>An image is too large</source>
        <translation>Ein Bild ist zu groß</translation>
    </message>
    <message>
        <source>Scan with a lower resolution or in parts.</source>
        <translation>Scannen Sie mit geringerer Auflösung oder in Teilen.</translation>
    </message>
    <message>
        <source>Choose other settings</source>
        <translation>Andere Werte wählen</translation>
    </message>
    <message>
        <source>A page did not come whole onto the disk</source>
        <translation>Eine Seite kam nicht vollständig auf den Datenträger</translation>
    </message>
    <message>
        <source>No page was made from it. The pages before it are kept.</source>
        <translation>Es wurde keine Seite daraus. Die Seiten davor sind gesichert.</translation>
    </message>
    <message>
        <source>Capture the page again.</source>
        <translation>Nehmen Sie die Seite erneut auf.</translation>
    </message>
    <message>
        <source>A page on the disk is not what the scanner delivered</source>
        <translation>Eine gespeicherte Seite ist nicht die, die der Scanner geliefert hat</translation>
    </message>
    <message>
        <source>The page does not count. The pages before it are kept.</source>
        <translation>Die Seite zählt nicht. Die Seiten davor sind gesichert.</translation>
    </message>
    <message>
        <source>Capture the page again. If it happens again, have disk and memory checked.</source>
        <translation>Nehmen Sie die Seite erneut auf. Geschieht es wieder, lassen Sie Datenträger und Arbeitsspeicher prüfen.</translation>
    </message>
    <message>
        <source>There is a page of this name already</source>
        <translation>Eine Seite dieses Namens gibt es schon</translation>
    </message>
    <message>
        <source>The page that is there was left as it is.</source>
        <translation>Die vorhandene Seite ist unverändert.</translation>
    </message>
    <message>
        <source>Show the item and see which page is right.</source>
        <translation>Zeigen Sie das Objekt an und sehen Sie nach, welche Seite die richtige ist.</translation>
    </message>
    <message>
        <source>Show the item</source>
        <translation>Objekt anzeigen</translation>
    </message>
    <message>
        <source>A copy is not the same as its original</source>
        <translation>Eine Kopie stimmt nicht mit ihrem Original überein</translation>
    </message>
    <message>
        <source>The copy was thrown away. The original is untouched.</source>
        <translation>Die Kopie wurde verworfen. Das Original ist unverändert.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, have the disk checked.</source>
        <translation>Versuchen Sie es erneut. Geschieht es wieder, lassen Sie den Datenträger prüfen.</translation>
    </message>
    <message>
        <source>This colour profile is not known</source>
        <translation>Dieses Farbprofil ist nicht bekannt</translation>
    </message>
    <message>
        <source>No image was changed.</source>
        <translation>Kein Bild wurde verändert.</translation>
    </message>
    <message>
        <source>Choose a known colour profile in the manifest.</source>
        <translation>Wählen Sie im Manifest ein bekanntes Farbprofil.</translation>
    </message>
    <message>
        <source>Open import</source>
        <translation>Import öffnen</translation>
    </message>
    <message>
        <source>Part of Recto is not installed here</source>
        <translation>Ein Teil von Recto ist hier nicht installiert</translation>
    </message>
    <message>
        <source>The step waits. Nothing is lost.</source>
        <translation>Der Schritt wartet. Nichts ist verloren.</translation>
    </message>
    <message>
        <source>Have the part that is named below installed, then try again.</source>
        <translation>Lassen Sie den unten genannten Teil installieren und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The text could not be read</source>
        <translation>Der Text konnte nicht erkannt werden</translation>
    </message>
    <message>
        <source>The page images are kept.</source>
        <translation>Die Seitenbilder sind gesichert.</translation>
    </message>
    <message>
        <source>Try again. Look at the details if it happens again.</source>
        <translation>Versuchen Sie es erneut. Geschieht es wieder, sehen Sie in die Details.</translation>
    </message>
    <message>
        <source>The program that reads text is not installed</source>
        <translation>Das Programm zur Texterkennung ist nicht installiert</translation>
    </message>
    <message>
        <source>The item waits before its text is read. Nothing is lost.</source>
        <translation>Das Objekt wartet auf die Texterkennung. Nichts ist verloren.</translation>
    </message>
    <message>
        <source>Have Tesseract installed (Debian: tesseract-ocr), then try again.</source>
        <translation>Lassen Sie Tesseract installieren (Debian: tesseract-ocr) und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The program that is to read the text is not known here</source>
        <translation>Das Programm, das den Text lesen soll, ist hier nicht bekannt</translation>
    </message>
    <message>
        <source>Have the program installed that is named below, then try again.</source>
        <translation>Lassen Sie das unten genannte Programm installieren, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The program that is to read the text does not work</source>
        <translation>Das Programm, das den Text lesen soll, funktioniert nicht</translation>
    </message>
    <message>
        <source>Have the package mended that is named below, then try again.</source>
        <translation>Lassen Sie das unten genannte Paket in Ordnung bringen, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The language of the text is not installed</source>
        <translation>Die Sprache des Textes ist nicht installiert</translation>
    </message>
    <message>
        <source>Have the language installed that is named below, or choose another one.</source>
        <translation>Lassen Sie die unten genannte Sprache installieren oder wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The text of a page could not be read</source>
        <translation>Der Text einer Seite konnte nicht erkannt werden</translation>
    </message>
    <message>
        <source>The page image is kept. The item waits.</source>
        <translation>Das Seitenbild ist gesichert. Das Objekt wartet.</translation>
    </message>
    <message>
        <source>Look at the page. Capture it again if it is bad, else try again.</source>
        <translation>Sehen Sie sich die Seite an. Ist sie schlecht, nehmen Sie sie erneut auf; sonst versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Look at the pages</source>
        <translation>Seiten ansehen</translation>
    </message>
    <message>
        <source>Reading the text of a page took too long</source>
        <translation>Die Texterkennung einer Seite dauerte zu lange</translation>
    </message>
    <message>
        <source>Look at the page. Allow more time under Settings if it is good.</source>
        <translation>Sehen Sie sich die Seite an. Ist sie gut, erlauben Sie in den Einstellungen mehr Zeit.</translation>
    </message>
    <message>
        <source>The text of a page came in a wrong form</source>
        <translation>Der Text einer Seite kam in falscher Form</translation>
    </message>
    <message>
        <source>Try again. If it happens again, save a report.</source>
        <translation>Versuchen Sie es erneut. Geschieht es wieder, speichern Sie einen Bericht.</translation>
    </message>
    <message>
        <source>The PDF does not keep the archive&apos;s rules</source>
        <translation>Das PDF erfüllt die Archivregeln nicht</translation>
    </message>
    <message>
        <source>The PDF was not kept. The pages are.</source>
        <translation>Das PDF wurde verworfen. Die Seiten sind gesichert.</translation>
    </message>
    <message>
        <source>The bag could not be made</source>
        <translation>Das Paket konnte nicht erstellt werden</translation>
    </message>
    <message>
        <source>The pages are kept. No bag was written.</source>
        <translation>Die Seiten sind gesichert. Es wurde kein Paket geschrieben.</translation>
    </message>
    <message>
        <source>Something may not go into a bag</source>
        <translation>Etwas darf nicht in ein Paket</translation>
    </message>
    <message>
        <source>Take the file that is named below out, then try again.</source>
        <translation>Nehmen Sie die unten genannte Datei heraus und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>A file for the bag is gone</source>
        <translation>Eine Datei für das Paket fehlt</translation>
    </message>
    <message>
        <source>Put the file back, or capture the page again.</source>
        <translation>Legen Sie die Datei zurück oder nehmen Sie die Seite erneut auf.</translation>
    </message>
    <message>
        <source>A file for the bag was changed</source>
        <translation>Eine Datei für das Paket wurde verändert</translation>
    </message>
    <message>
        <source>Put the file back from a copy, or capture the page again.</source>
        <translation>Stellen Sie die Datei aus einer Kopie wieder her oder nehmen Sie die Seite erneut auf.</translation>
    </message>
    <message>
        <source>The bag&apos;s labels do not keep the profile&apos;s rules</source>
        <translation>Die Angaben im Paket erfüllen die Regeln des BagIt-Profils nicht</translation>
    </message>
    <message>
        <source>Correct the tags in the manifest.</source>
        <translation>Berichtigen Sie die Angaben im Manifest.</translation>
    </message>
    <message>
        <source>This bag profile is not known</source>
        <translation>Dieses BagIt-Profil ist nicht bekannt</translation>
    </message>
    <message>
        <source>Nothing was created.</source>
        <translation>Es wurde nichts angelegt.</translation>
    </message>
    <message>
        <source>Choose a known bag profile.</source>
        <translation>Wählen Sie ein bekanntes BagIt-Profil.</translation>
    </message>
    <message>
        <source>Recto cannot write bags of this profile</source>
        <translation>Pakete nach diesem BagIt-Profil kann Recto nicht schreiben</translation>
    </message>
    <message>
        <source>Choose another bag profile.</source>
        <translation>Wählen Sie ein anderes BagIt-Profil.</translation>
    </message>
    <message>
        <source>The sheet with the bags&apos; labels cannot be used</source>
        <translation>Die Tabelle mit den Paketangaben ist nicht verwendbar</translation>
    </message>
    <message>
        <source>Correct the sheet, then try again.</source>
        <translation>Berichtigen Sie die Tabelle und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>There is a bag of this name already</source>
        <translation>Ein Paket dieses Namens gibt es schon</translation>
    </message>
    <message>
        <source>The bag that is there was left as it is.</source>
        <translation>Das vorhandene Paket ist unverändert.</translation>
    </message>
    <message>
        <source>Find out which of the two is right.</source>
        <translation>Klären Sie, welches von beiden das richtige ist.</translation>
    </message>
    <message>
        <source>This folder is a bag already</source>
        <translation>Dieser Ordner ist schon ein Paket</translation>
    </message>
    <message>
        <source>It was left as it is.</source>
        <translation>Er ist unverändert.</translation>
    </message>
    <message>
        <source>Choose the folder with the files instead.</source>
        <translation>Wählen Sie stattdessen den Ordner mit den Dateien.</translation>
    </message>
    <message>
        <source>The bag cannot be written</source>
        <translation>Das Paket kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>No bag was made. The pages are kept.</source>
        <translation>Es wurde kein Paket erstellt. Die Seiten sind gesichert.</translation>
    </message>
    <message>
        <source>Check free space and rights of the folder, then try again.</source>
        <translation>Prüfen Sie freien Platz und Zugriffsrechte des Ordners und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The bag cannot be read</source>
        <translation>Das Paket kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>Nothing is known about its contents.</source>
        <translation>Über seinen Inhalt ist nichts bekannt.</translation>
    </message>
    <message>
        <source>Check the disk and the rights of the file, then try again.</source>
        <translation>Prüfen Sie Datenträger und Zugriffsrechte der Datei und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The bag is not valid</source>
        <translation>Das Paket ist nicht gültig</translation>
    </message>
    <message>
        <source>It must not be counted as stored.</source>
        <translation>Es darf nicht als gespeichert gelten.</translation>
    </message>
    <message>
        <source>Look at the details. Have the bag made again from its pages.</source>
        <translation>Sehen Sie in die Details. Lassen Sie das Paket aus seinen Seiten neu erstellen.</translation>
    </message>
    <message>
        <source>The manifest cannot be read</source>
        <translation>Das Manifest kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>Save it as CSV, XLSX, JSON or YAML and import it again.</source>
        <translation>Speichern Sie es als CSV, XLSX, JSON oder YAML und importieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Choose another file</source>
        <translation>Andere Datei wählen</translation>
    </message>
    <message>
        <source>There is no such manifest</source>
        <translation>Dieses Manifest gibt es nicht</translation>
    </message>
    <message>
        <source>Choose the manifest again.</source>
        <translation>Wählen Sie das Manifest noch einmal aus.</translation>
    </message>
    <message>
        <source>This is no file</source>
        <translation>Das ist keine Datei</translation>
    </message>
    <message>
        <source>Choose a manifest: a CSV, XLSX, JSON or YAML file.</source>
        <translation>Wählen Sie ein Manifest: eine CSV-, XLSX-, JSON- oder YAML-Datei.</translation>
    </message>
    <message>
        <source>The manifest may not be read</source>
        <translation>Das Manifest darf nicht gelesen werden</translation>
    </message>
    <message>
        <source>Have reading allowed, or copy the file to a folder of yours.</source>
        <translation>Lassen Sie das Lesen erlauben oder kopieren Sie die Datei in einen eigenen Ordner.</translation>
    </message>
    <message>
        <source>There is a file of this name already</source>
        <translation>Eine Datei dieses Namens gibt es schon</translation>
    </message>
    <message>
        <source>The file that is there was left as it is.</source>
        <translation>Die vorhandene Datei ist unverändert.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>Choose another name</source>
        <translation>Anderen Namen wählen</translation>
    </message>
    <message>
        <source>This manifest is no spreadsheet</source>
        <translation>Dieses Manifest ist keine Tabelle</translation>
    </message>
    <message>
        <source>No sheet was written.</source>
        <translation>Es wurde keine Tabelle geschrieben.</translation>
    </message>
    <message>
        <source>Choose a CSV or XLSX manifest.</source>
        <translation>Wählen Sie ein Manifest als CSV oder XLSX.</translation>
    </message>
    <message>
        <source>The history could not be signed or checked</source>
        <translation>Der Verlauf konnte nicht signiert oder geprüft werden</translation>
    </message>
    <message>
        <source>Nothing was signed.</source>
        <translation>Es wurde nichts signiert.</translation>
    </message>
    <message>
        <source>Look at the details.</source>
        <translation>Sehen Sie in die Details.</translation>
    </message>
    <message>
        <source>This station&apos;s signing key is gone</source>
        <translation>Der Signaturschlüssel dieser Station fehlt</translation>
    </message>
    <message>
        <source>Nothing was signed. Bags that were signed before stay valid.</source>
        <translation>Es wurde nichts signiert. Früher signierte Pakete bleiben gültig.</translation>
    </message>
    <message>
        <source>Have the key brought back from its backup, or a new one made.</source>
        <translation>Lassen Sie den Schlüssel aus der Sicherung zurückholen oder einen neuen erzeugen.</translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation>Einstellungen öffnen</translation>
    </message>
    <message>
        <source>Others can read this station&apos;s signing key</source>
        <translation>Andere können den Signaturschlüssel dieser Station lesen</translation>
    </message>
    <message>
        <source>Nothing was signed: whoever can read the key can sign in this station&apos;s name.</source>
        <translation>Es wurde nichts signiert: Wer den Schlüssel lesen kann, kann im Namen dieser Station signieren.</translation>
    </message>
    <message>
        <source>Have the rights of the key file corrected, or a new key made.</source>
        <translation>Lassen Sie die Zugriffsrechte der Schlüsseldatei berichtigen oder einen neuen Schlüssel erzeugen.</translation>
    </message>
    <message>
        <source>A public key cannot be read</source>
        <translation>Ein öffentlicher Schlüssel kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>The signature was not checked.</source>
        <translation>Die Signatur wurde nicht geprüft.</translation>
    </message>
    <message>
        <source>Ask the institution that made the bag for its public key.</source>
        <translation>Bitten Sie die Institution, die das Paket erstellt hat, um ihren öffentlichen Schlüssel.</translation>
    </message>
    <message>
        <source>A public key is needed</source>
        <translation>Ein öffentlicher Schlüssel wird gebraucht</translation>
    </message>
    <message>
        <source>Get the institution&apos;s public key by another way than the bag, and name it.</source>
        <translation>Holen Sie den öffentlichen Schlüssel der Institution auf anderem Weg als mit dem Paket und geben Sie ihn an.</translation>
    </message>
    <message>
        <source>The registry refused</source>
        <translation>Die Datenbank hat abgelehnt</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>The registry cannot be reached</source>
        <translation>Die Datenbank ist nicht erreichbar</translation>
    </message>
    <message>
        <source>Nothing was changed. Pages on the disk are safe.</source>
        <translation>Es wurde nichts geändert. Gespeicherte Seiten sind sicher.</translation>
    </message>
    <message>
        <source>Check free space and rights of its folder, or the connection to the database.</source>
        <translation>Prüfen Sie freien Platz und Zugriffsrechte ihres Ordners oder die Verbindung zur Datenbank.</translation>
    </message>
    <message>
        <source>The registry cannot keep a value</source>
        <translation>Das Register kann einen Wert nicht aufbewahren</translation>
    </message>
    <message>
        <source>Look for strange characters in the manifest and in names of files.</source>
        <translation>Suchen Sie nach ungewöhnlichen Zeichen im Manifest und in Dateinamen.</translation>
    </message>
    <message>
        <source>Somebody else changed the same at the same moment</source>
        <translation>Jemand anders hat im selben Augenblick dasselbe geändert</translation>
    </message>
    <message>
        <source>The other change stands, this one was not made.</source>
        <translation>Die andere Änderung gilt, diese wurde nicht ausgeführt.</translation>
    </message>
    <message>
        <source>Look how things are now, then try again if need be.</source>
        <translation>Sehen Sie nach, wie es jetzt steht, dann versuchen Sie es nötigenfalls erneut.</translation>
    </message>
    <message>
        <source>The registry was written by a newer Recto</source>
        <translation>Die Datenbank stammt von einem neueren Recto</translation>
    </message>
    <message>
        <source>Have Recto brought up to date on this computer.</source>
        <translation>Lassen Sie Recto auf diesem Rechner aktualisieren.</translation>
    </message>
    <message>
        <source>There is no such batch</source>
        <translation>Diesen Stapel gibt es nicht</translation>
    </message>
    <message>
        <source>Choose a batch from the board.</source>
        <translation>Wählen Sie einen Stapel aus der Übersicht.</translation>
    </message>
    <message>
        <source>Show the board</source>
        <translation>Übersicht anzeigen</translation>
    </message>
    <message>
        <source>There is no such item in this batch</source>
        <translation>Dieses Objekt gibt es im Stapel nicht</translation>
    </message>
    <message>
        <source>Choose an item from the board.</source>
        <translation>Wählen Sie ein Objekt aus der Übersicht.</translation>
    </message>
    <message>
        <source>There is no such step</source>
        <translation>Diesen Schritt gibt es nicht</translation>
    </message>
    <message>
        <source>Choose one of the steps on the board.</source>
        <translation>Wählen Sie einen der Schritte auf der Tafel.</translation>
    </message>
    <message>
        <source>There is no such part of a step</source>
        <translation>Diesen Teil eines Schritts gibt es nicht</translation>
    </message>
    <message>
        <source>Look at the item on the board.</source>
        <translation>Sehen Sie sich das Objekt auf der Tafel an.</translation>
    </message>
    <message>
        <source>There is no such suggestion</source>
        <translation>Diesen Vorschlag gibt es nicht</translation>
    </message>
    <message>
        <source>There is a batch of this name already</source>
        <translation>Einen Stapel dieses Namens gibt es schon</translation>
    </message>
    <message>
        <source>The batch that is there was left as it is.</source>
        <translation>Der vorhandene Stapel ist unverändert.</translation>
    </message>
    <message>
        <source>Go on with that batch, or give this one another name in the manifest.</source>
        <translation>Arbeiten Sie mit jenem Stapel weiter oder geben Sie diesem im Manifest einen anderen Namen.</translation>
    </message>
    <message>
        <source>The history of a batch was changed</source>
        <translation>Der Verlauf eines Stapels wurde verändert</translation>
    </message>
    <message>
        <source>The history proves nothing any more from the place that is named below.</source>
        <translation>Ab der unten genannten Stelle beweist der Verlauf nichts mehr.</translation>
    </message>
    <message>
        <source>Keep everything as it is and call those who look after Recto.</source>
        <translation>Lassen Sie alles, wie es ist, und rufen Sie die Betreuung von Recto.</translation>
    </message>
    <message>
        <source>Somebody else took this work over</source>
        <translation>Diese Arbeit hat jemand anderes übernommen</translation>
    </message>
    <message>
        <source>Nothing was written twice.</source>
        <translation>Nichts wurde doppelt geschrieben.</translation>
    </message>
    <message>
        <source>Nothing needs doing.</source>
        <translation>Es ist nichts zu tun.</translation>
    </message>
    <message>
        <source>The pages of this item were released</source>
        <translation>Die Seiten dieses Objekts wurden hier entfernt</translation>
    </message>
    <message>
        <source>Bring the pages back from the stored bag first.</source>
        <translation>Holen Sie die Seiten zuerst aus dem gespeicherten Paket zurück.</translation>
    </message>
    <message>
        <source>The pages could not be changed</source>
        <translation>Die Seiten konnten nicht geändert werden</translation>
    </message>
    <message>
        <source>The item is as it was. Every captured page is kept.</source>
        <translation>Das Objekt ist unverändert. Jede aufgenommene Seite ist gesichert.</translation>
    </message>
    <message>
        <source>Show the pages</source>
        <translation>Seiten anzeigen</translation>
    </message>
    <message>
        <source>This item is not at the desk</source>
        <translation>Dieses Objekt liegt nicht am Arbeitsplatz</translation>
    </message>
    <message>
        <source>Choose an item that is still to be captured. Pages of this one are retaken in Quality.</source>
        <translation>Wählen Sie ein Objekt, das noch aufzunehmen ist. Seiten von diesem nehmen Sie unter „Qualität“ erneut auf.</translation>
    </message>
    <message>
        <source>A scan of this item is still under way</source>
        <translation>Dieses Objekt wird gerade noch gescannt</translation>
    </message>
    <message>
        <source>Wait until the scanner has finished, or stop it. Then try again.</source>
        <translation>Warten Sie, bis der Scanner fertig ist, oder halten Sie ihn an. Versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Interrupted captures of this item wait for your decision</source>
        <translation>Unterbrochene Aufnahmen dieses Objekts warten auf Ihre Entscheidung</translation>
    </message>
    <message>
        <source>Say whether their pages belong to the item. Then mark the item done.</source>
        <translation>Sagen Sie, ob ihre Seiten zum Objekt gehören. Schließen Sie das Objekt dann ab.</translation>
    </message>
    <message>
        <source>Decide now</source>
        <translation>Jetzt entscheiden</translation>
    </message>
    <message>
        <source>This page is no longer in the item</source>
        <translation>Diese Seite ist nicht mehr im Objekt</translation>
    </message>
    <message>
        <source>Look at the pages as they are now, and choose again.</source>
        <translation>Sehen Sie sich die Seiten an, wie sie jetzt sind, und wählen Sie neu.</translation>
    </message>
    <message>
        <source>The file of a page is gone</source>
        <translation>Die Datei einer Seite fehlt</translation>
    </message>
    <message>
        <source>The item is as it was. Every other page is kept.</source>
        <translation>Das Objekt ist unverändert. Jede andere Seite ist gesichert.</translation>
    </message>
    <message>
        <source>Fronts and backs do not fit together</source>
        <translation>Vorder- und Rückseiten passen nicht zusammen</translation>
    </message>
    <message>
        <source>Look for the page that is too many or missing. Mark a missing one, then try again.</source>
        <translation>Suchen Sie die überzählige oder fehlende Seite. Markieren Sie eine fehlende und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>This is no page label of its kind</source>
        <translation>So ist das keine Seitenbezeichnung dieser Art</translation>
    </message>
    <message>
        <source>Write 1 for arabic, i or I for roman, 1r or 1v for folios. Or choose custom for any text.</source>
        <translation>Schreiben Sie 1 für arabisch, i oder I für römisch, 1r oder 1v für Blätter. Oder wählen Sie freien Text.</translation>
    </message>
    <message>
        <source>Label again</source>
        <translation>Erneut bezeichnen</translation>
    </message>
    <message>
        <source>A file cannot become a page</source>
        <translation>Eine Datei kann keine Seite werden</translation>
    </message>
    <message>
        <source>No file was taken in. The item is as it was.</source>
        <translation>Es wurde keine Datei übernommen. Das Objekt ist unverändert.</translation>
    </message>
    <message>
        <source>Use TIFF, JPEG, PNG or JPEG 2000 files that open whole.</source>
        <translation>Verwenden Sie unbeschädigte Dateien in TIFF, JPEG, PNG oder JPEG 2000.</translation>
    </message>
    <message>
        <source>Choose other files</source>
        <translation>Andere Dateien wählen</translation>
    </message>
    <message>
        <source>Pages of this item are not ready</source>
        <translation>Seiten dieses Objekts sind nicht fertig</translation>
    </message>
    <message>
        <source>The item stays at the desk. Every captured page is kept.</source>
        <translation>Das Objekt bleibt am Arbeitsplatz. Jede aufgenommene Seite ist gesichert.</translation>
    </message>
    <message>
        <source>Capture the pages again that are named below, or discard them. Then mark the item done.</source>
        <translation>Nehmen Sie die unten genannten Seiten erneut auf oder verwerfen Sie sie. Schließen Sie das Objekt dann ab.</translation>
    </message>
    <message>
        <source>Open devices</source>
        <translation>Geräte öffnen</translation>
    </message>
    <message>
        <source>Open capture</source>
        <translation>Aufnahme öffnen</translation>
    </message>
    <message>
        <source>A depositor, or a bag of one, cannot be dealt with</source>
        <translation>Mit einem Ablieferer oder einem seiner Bags geht das nicht</translation>
    </message>
    <message>
        <source>Save a report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>There is no depositor of this name</source>
        <translation>Diesen Ablieferer gibt es nicht</translation>
    </message>
    <message>
        <source>Check the name; the archive lists its depositors.</source>
        <translation>Prüfen Sie den Namen; das Archiv listet seine Ablieferer auf.</translation>
    </message>
    <message>
        <source>A depositor of this name is registered already</source>
        <translation>Ein Ablieferer dieses Namens ist schon eingetragen</translation>
    </message>
    <message>
        <source>Nothing was changed. The registered one is untouched.</source>
        <translation>Nichts wurde geändert. Der eingetragene ist unberührt.</translation>
    </message>
    <message>
        <source>Look at the registered one, and change it if it is meant.</source>
        <translation>Sehen Sie sich den eingetragenen an und ändern Sie ihn, wenn er gemeint ist.</translation>
    </message>
    <message>
        <source>What was told of the depositor cannot be used</source>
        <translation>Die Angaben zum Ablieferer sind nicht brauchbar</translation>
    </message>
    <message>
        <source>Nothing was registered or changed.</source>
        <translation>Nichts wurde eingetragen oder geändert.</translation>
    </message>
    <message>
        <source>Mend what the message names, then try again.</source>
        <translation>Berichtigen Sie, was die Meldung nennt, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>No bag that arrived has this number</source>
        <translation>Kein eingetroffenes Bag hat diese Nummer</translation>
    </message>
    <message>
        <source>Look for the bag in the list of those that arrived.</source>
        <translation>Suchen Sie das Bag in der Liste der eingetroffenen.</translation>
    </message>
    <message>
        <source>The same bag is being worked on already</source>
        <translation>An demselben Bag wird schon gearbeitet</translation>
    </message>
    <message>
        <source>No second one was made. The bag is ingested once.</source>
        <translation>Es wird nicht zweimal begonnen. Das Bag wird einmal übernommen.</translation>
    </message>
    <message>
        <source>Nothing need be done.</source>
        <translation>Es ist nichts zu tun.</translation>
    </message>
    <message>
        <source>This bag has come to its end already</source>
        <translation>Dieses Bag ist schon abgeschlossen</translation>
    </message>
    <message>
        <source>Look how it ended.</source>
        <translation>Sehen Sie nach, wie es ausging.</translation>
    </message>
    <message>
        <source>The scanner reported an error</source>
        <translation>Der Scanner meldet einen Fehler</translation>
    </message>
    <message>
        <source>This page was not captured. The pages before it are kept.</source>
        <translation>Diese Seite wurde nicht aufgenommen. Die Seiten davor sind gesichert.</translation>
    </message>
    <message>
        <source>Look at the scanner, then scan the page again.</source>
        <translation>Sehen Sie nach dem Scanner und scannen Sie die Seite dann noch einmal.</translation>
    </message>
    <message>
        <source>Scan again</source>
        <translation>Erneut scannen</translation>
    </message>
    <message>
        <source>The scanner does not answer</source>
        <translation>Der Scanner antwortet nicht</translation>
    </message>
    <message>
        <source>Nothing was scanned.</source>
        <translation>Es wurde nichts gescannt.</translation>
    </message>
    <message>
        <source>Check that it is switched on and that its cable is plugged in, then look for scanners again.</source>
        <translation>Prüfen Sie, ob er eingeschaltet und sein Kabel eingesteckt ist. Suchen Sie dann erneut nach Scannern.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>The scanner is in use</source>
        <translation>Der Scanner ist belegt</translation>
    </message>
    <message>
        <source>Nothing was scanned. The page waits for the scanner.</source>
        <translation>Es wurde nichts gescannt. Die Seite wartet auf den Scanner.</translation>
    </message>
    <message>
        <source>Close other programs that use the scanner. If there are none, switch it off and on.</source>
        <translation>Schließen Sie andere Programme, die den Scanner benutzen. Gibt es keine, schalten Sie ihn aus und wieder ein.</translation>
    </message>
    <message>
        <source>The lamp is warming up</source>
        <translation>Die Lampe wärmt auf</translation>
    </message>
    <message>
        <source>Nothing was scanned yet.</source>
        <translation>Es wurde noch nichts gescannt.</translation>
    </message>
    <message>
        <source>Wait a minute. Nothing else is needed.</source>
        <translation>Warten Sie eine Minute. Mehr ist nicht nötig.</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Jetzt erneut versuchen</translation>
    </message>
    <message>
        <source>The scanner&apos;s transport lock is on</source>
        <translation>Die Transportsicherung des Scanners ist eingelegt</translation>
    </message>
    <message>
        <source>Nothing was scanned: the carriage cannot move.</source>
        <translation>Es wurde nichts gescannt: Der Schlitten kann nicht fahren.</translation>
    </message>
    <message>
        <source>Release the lock, usually a screw or slider under the scanner.</source>
        <translation>Lösen Sie die Sicherung, meist eine Schraube oder ein Schieber unter dem Scanner.</translation>
    </message>
    <message>
        <source>Lock released</source>
        <translation>Sicherung gelöst</translation>
    </message>
    <message>
        <source>The scanner went away</source>
        <translation>Der Scanner ist nicht mehr da</translation>
    </message>
    <message>
        <source>Check cable, power and network. Then connect again and scan the page once more.</source>
        <translation>Prüfen Sie Kabel, Strom und Netzwerk. Verbinden Sie dann erneut und scannen Sie die Seite noch einmal.</translation>
    </message>
    <message>
        <source>Connect again</source>
        <translation>Erneut verbinden</translation>
    </message>
    <message>
        <source>This scanner may not be used</source>
        <translation>Dieser Scanner darf nicht benutzt werden</translation>
    </message>
    <message>
        <source>Ask for the right to use it: on Debian, membership of the group “scanner”. Or enter its name and password.</source>
        <translation>Bitten Sie um das Recht dazu: unter Debian die Mitgliedschaft in der Gruppe „scanner“. Oder geben Sie seinen Namen und sein Kennwort ein.</translation>
    </message>
    <message>
        <source>The feeder is empty</source>
        <translation>Der Vorlageneinzug ist leer</translation>
    </message>
    <message>
        <source>No page was captured by this scan.</source>
        <translation>Mit diesem Scan wurde keine Seite aufgenommen.</translation>
    </message>
    <message>
        <source>Load the next sheets, then go on.</source>
        <translation>Legen Sie die nächsten Blätter ein und machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>Sheets loaded, go on</source>
        <translation>Blätter eingelegt, weiter</translation>
    </message>
    <message>
        <source>A sheet is stuck</source>
        <translation>Ein Blatt klemmt</translation>
    </message>
    <message>
        <source>Take the sheet out, smooth it and put it back on top. Then go on.</source>
        <translation>Nehmen Sie das Blatt heraus, glätten Sie es und legen Sie es wieder obenauf. Machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>Sheet removed, go on</source>
        <translation>Blatt entnommen, weiter</translation>
    </message>
    <message>
        <source>Two sheets went in at once</source>
        <translation>Zwei Blätter wurden zugleich eingezogen</translation>
    </message>
    <message>
        <source>Take both sheets out, separate them and put them back on top. Then go on.</source>
        <translation>Nehmen Sie beide Blätter heraus, trennen Sie sie und legen Sie sie wieder obenauf. Machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>Sheets separated, go on</source>
        <translation>Blätter getrennt, weiter</translation>
    </message>
    <message>
        <source>The cover is open</source>
        <translation>Die Abdeckung ist offen</translation>
    </message>
    <message>
        <source>Close the cover, then go on.</source>
        <translation>Schließen Sie die Abdeckung und machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>Cover closed, go on</source>
        <translation>Abdeckung zu, weiter</translation>
    </message>
    <message>
        <source>The scanner did nothing for too long</source>
        <translation>Der Scanner hat zu lange nichts getan</translation>
    </message>
    <message>
        <source>Look at the scanner. If it is only slow, allow it more time under Settings.</source>
        <translation>Sehen Sie nach dem Scanner. Ist er nur langsam, erlauben Sie ihm in den Einstellungen mehr Zeit.</translation>
    </message>
    <message>
        <source>The scanner&apos;s driver stopped</source>
        <translation>Der Treiber des Scanners wurde unerwartet beendet</translation>
    </message>
    <message>
        <source>This page was not captured. The pages before it are kept. Recto itself goes on.</source>
        <translation>Diese Seite wurde nicht aufgenommen. Die Seiten davor sind gesichert. Recto selbst läuft weiter.</translation>
    </message>
    <message>
        <source>Scan the page again: the driver is started afresh.</source>
        <translation>Scannen Sie die Seite noch einmal: Der Treiber wird neu gestartet.</translation>
    </message>
    <message>
        <source>Start the driver again</source>
        <translation>Treiber neu starten</translation>
    </message>
    <message>
        <source>The scanner&apos;s driver did not come back</source>
        <translation>Der Treiber des Scanners meldet sich nicht mehr</translation>
    </message>
    <message>
        <source>Scan the page again. If that does not help, switch the scanner off and on.</source>
        <translation>Scannen Sie die Seite noch einmal. Hilft das nicht, schalten Sie den Scanner aus und wieder ein.</translation>
    </message>
    <message>
        <source>The scanner software is not installed</source>
        <translation>Die Scannersoftware ist nicht installiert</translation>
    </message>
    <message>
        <source>Scanners connected to this computer cannot be used. Simulated scanners can.</source>
        <translation>An diesen Rechner angeschlossene Scanner sind nicht verwendbar. Simulierte Scanner sind es.</translation>
    </message>
    <message>
        <source>Have libsane installed (Debian: libsane1 and sane-utils), then look for scanners again.</source>
        <translation>Lassen Sie libsane installieren (Debian: libsane1 und sane-utils) und suchen Sie dann erneut nach Scannern.</translation>
    </message>
    <message>
        <source>The connection to the scanner failed</source>
        <translation>Die Verbindung zum Scanner ist abgebrochen</translation>
    </message>
    <message>
        <source>Check cable and power, then scan the page again.</source>
        <translation>Prüfen Sie Kabel und Strom und scannen Sie die Seite dann noch einmal.</translation>
    </message>
    <message>
        <source>There is not enough memory for this scan</source>
        <translation>Für diesen Scan reicht der Arbeitsspeicher nicht</translation>
    </message>
    <message>
        <source>Choose a lower resolution or a smaller area, or close other programs.</source>
        <translation>Wählen Sie eine geringere Auflösung oder einen kleineren Ausschnitt, oder schließen Sie andere Programme.</translation>
    </message>
    <message>
        <source>The scanner cannot do what the settings ask</source>
        <translation>Der Scanner kann nicht, was eingestellt ist</translation>
    </message>
    <message>
        <source>Nothing was scanned with these settings.</source>
        <translation>Mit dieser Einstellung wurde nichts gescannt.</translation>
    </message>
    <message>
        <source>Choose another value, or another scan profile.</source>
        <translation>Wählen Sie einen anderen Wert oder ein anderes Scanprofil.</translation>
    </message>
    <message>
        <source>The file of scanner peculiarities cannot be used</source>
        <translation>Die Datei der Geräteeigenheiten ist nicht verwendbar</translation>
    </message>
    <message>
        <source>No scanner connected to this computer is opened: it might be misunderstood.</source>
        <translation>Kein angeschlossener Scanner wird geöffnet: Recto könnte ihn missverstehen.</translation>
    </message>
    <message>
        <source>Have the file mended, or take it out of the settings.</source>
        <translation>Lassen Sie die Datei berichtigen oder nehmen Sie sie aus den Einstellungen.</translation>
    </message>
    <message>
        <source>The description of a simulated scanner cannot be used</source>
        <translation>Die Beschreibung eines simulierten Scanners ist nicht verwendbar</translation>
    </message>
    <message>
        <source>This scanner cannot be simulated.</source>
        <translation>Dieser Scanner kann nicht simuliert werden.</translation>
    </message>
    <message>
        <source>Take it out of the settings, or have its description written anew.</source>
        <translation>Nehmen Sie ihn aus den Einstellungen oder lassen Sie seine Beschreibung neu schreiben.</translation>
    </message>
    <message>
        <source>The page did not arrive whole</source>
        <translation>Die Seite kam nicht vollständig an</translation>
    </message>
    <message>
        <source>The incomplete page was thrown away. The pages before it are kept.</source>
        <translation>Die unvollständige Seite wurde verworfen. Die Seiten davor sind gesichert.</translation>
    </message>
    <message>
        <source>Scan the page again.</source>
        <translation>Scannen Sie die Seite noch einmal.</translation>
    </message>
    <message>
        <source>The scanner sends a kind of image that Recto does not read</source>
        <translation>Der Scanner sendet eine Art von Bild, die Recto nicht liest</translation>
    </message>
    <message>
        <source>Choose another mode or bit depth.</source>
        <translation>Wählen Sie einen anderen Modus oder eine andere Farbtiefe.</translation>
    </message>
    <message>
        <source>There is no room for the page on the disk</source>
        <translation>Für die Seite ist kein Platz auf dem Datenträger</translation>
    </message>
    <message>
        <source>The page was thrown away, nothing half-written stays. The pages before it are kept.</source>
        <translation>Die Seite wurde verworfen, nichts Halbes bleibt zurück. Die Seiten davor sind gesichert.</translation>
    </message>
    <message>
        <source>Make room on the disk, then scan the page again.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger und scannen Sie die Seite dann noch einmal.</translation>
    </message>
    <message>
        <source>Room made, scan again</source>
        <translation>Platz geschaffen, erneut scannen</translation>
    </message>
    <message>
        <source>The scan was stopped</source>
        <translation>Der Scan wurde angehalten</translation>
    </message>
    <message>
        <source>The page that was being scanned is void. The pages before it are kept.</source>
        <translation>Die Seite, die gerade gescannt wurde, gilt nicht. Die Seiten davor sind gesichert.</translation>
    </message>
    <message>
        <source>Scan the page again when you want to go on.</source>
        <translation>Scannen Sie die Seite noch einmal, wenn Sie weitermachen möchten.</translation>
    </message>
    <message>
        <source>The storage reported an error</source>
        <translation>Der Archivspeicher meldet einen Fehler</translation>
    </message>
    <message>
        <source>The upload waits and is tried again by itself.</source>
        <translation>Der Upload wartet und wird von selbst erneut versucht.</translation>
    </message>
    <message>
        <source>If it stays, check the connection under Settings.</source>
        <translation>Bleibt es dabei, prüfen Sie die Verbindung in den Einstellungen.</translation>
    </message>
    <message>
        <source>Check the connection</source>
        <translation>Verbindung prüfen</translation>
    </message>
    <message>
        <source>The address of the storage cannot be understood</source>
        <translation>Die Adresse des Archivspeichers ist unverständlich</translation>
    </message>
    <message>
        <source>Nothing was uploaded.</source>
        <translation>Es wurde nichts hochgeladen.</translation>
    </message>
    <message>
        <source>Correct the address under Settings.</source>
        <translation>Berichtigen Sie die Adresse in den Einstellungen.</translation>
    </message>
    <message>
        <source>Correct the address</source>
        <translation>Adresse berichtigen</translation>
    </message>
    <message>
        <source>The storage does not answer</source>
        <translation>Der Archivspeicher antwortet nicht</translation>
    </message>
    <message>
        <source>Uploads wait. Parts that arrived are not sent again. Capturing goes on.</source>
        <translation>Uploads warten. Angekommene Teile werden nicht noch einmal gesendet. Die Aufnahme geht weiter.</translation>
    </message>
    <message>
        <source>Nothing needs doing if the network comes back. Otherwise check the connection under Settings.</source>
        <translation>Kommt das Netzwerk zurück, ist nichts zu tun. Sonst prüfen Sie die Verbindung in den Einstellungen.</translation>
    </message>
    <message>
        <source>The storage refuses the access (403)</source>
        <translation>Der Archivspeicher verweigert den Zugang (403)</translation>
    </message>
    <message>
        <source>Nothing was stored. Trying again with the same key cannot help.</source>
        <translation>Es wurde nichts gespeichert. Ein neuer Versuch mit demselben Schlüssel hilft nicht.</translation>
    </message>
    <message>
        <source>Enter the right access key under Settings, or have its rights corrected.</source>
        <translation>Geben Sie in den Einstellungen den richtigen Zugangsschlüssel ein oder lassen Sie dessen Rechte berichtigen.</translation>
    </message>
    <message>
        <source>Enter the access key</source>
        <translation>Zugangsschlüssel eingeben</translation>
    </message>
    <message>
        <source>No access key for the storage was found</source>
        <translation>Für den Archivspeicher gibt es keinen Zugangsschlüssel</translation>
    </message>
    <message>
        <source>Nothing was stored.</source>
        <translation>Es wurde nichts gespeichert.</translation>
    </message>
    <message>
        <source>Enter the access key under Settings.</source>
        <translation>Geben Sie den Zugangsschlüssel in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>The access to the storage has expired</source>
        <translation>Der Zugang zum Archivspeicher ist abgelaufen</translation>
    </message>
    <message>
        <source>The upload waits. Parts that arrived are not sent again.</source>
        <translation>Der Upload wartet. Angekommene Teile werden nicht noch einmal gesendet.</translation>
    </message>
    <message>
        <source>Log in to the storage again, then go on.</source>
        <translation>Melden Sie sich am Archivspeicher neu an und machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>There is no such bucket in the storage</source>
        <translation>Diesen Bucket gibt es im Archivspeicher nicht</translation>
    </message>
    <message>
        <source>Check the spelling of the bucket under Settings. Recto makes no buckets.</source>
        <translation>Prüfen Sie die Schreibweise des Buckets in den Einstellungen. Recto legt keine Buckets an.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is wrong</source>
        <translation>Die Uhr dieses Rechners geht falsch</translation>
    </message>
    <message>
        <source>Nothing was stored: the storage takes only requests with the right time.</source>
        <translation>Es wurde nichts gespeichert: Der Archivspeicher nimmt nur Anfragen mit richtiger Uhrzeit an.</translation>
    </message>
    <message>
        <source>Have the clock set, then try again.</source>
        <translation>Lassen Sie die Uhr stellen und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Clock set, try again</source>
        <translation>Uhr gestellt, erneut versuchen</translation>
    </message>
    <message>
        <source>Data was damaged on its way to the storage</source>
        <translation>Daten wurden auf dem Weg zum Archivspeicher beschädigt</translation>
    </message>
    <message>
        <source>The damaged part was not stored and is sent again.</source>
        <translation>Der beschädigte Teil wurde nicht gespeichert und wird neu gesendet.</translation>
    </message>
    <message>
        <source>If it happens often, have network card, cable or proxy checked.</source>
        <translation>Geschieht es oft, lassen Sie Netzwerkkarte, Kabel oder Proxy prüfen.</translation>
    </message>
    <message>
        <source>The storage refuses the bag</source>
        <translation>Der Archivspeicher lehnt das Paket ab</translation>
    </message>
    <message>
        <source>The reason is told below. Mend it, then try again.</source>
        <translation>Der Grund steht unten. Beheben Sie ihn und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>There is no room in the storage</source>
        <translation>Im Archivspeicher ist kein Platz</translation>
    </message>
    <message>
        <source>Nothing was stored, and nothing half-written stays.</source>
        <translation>Es wurde nichts gespeichert, nichts Halbes bleibt zurück.</translation>
    </message>
    <message>
        <source>Have room made, or writing allowed. Then try again.</source>
        <translation>Lassen Sie Platz schaffen oder das Schreiben erlauben. Versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Room made, try again</source>
        <translation>Platz geschaffen, erneut versuchen</translation>
    </message>
    <message>
        <source>Something else is stored under this name</source>
        <translation>Unter diesem Namen ist etwas anderes gespeichert</translation>
    </message>
    <message>
        <source>What is stored was left as it is. This bag was not stored.</source>
        <translation>Das Gespeicherte ist unverändert. Dieses Paket wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>Find out which of the two is right, then store this one under another name.</source>
        <translation>Klären Sie, welches von beiden das richtige ist, und speichern Sie dieses dann unter einem anderen Namen.</translation>
    </message>
    <message>
        <source>The stored copy is not what was sent</source>
        <translation>Die gespeicherte Kopie ist nicht das, was gesendet wurde</translation>
    </message>
    <message>
        <source>This copy does not count. The bag here is still good.</source>
        <translation>Diese Kopie zählt nicht. Das Paket hier ist unversehrt.</translation>
    </message>
    <message>
        <source>Keep the bag here and have the storage checked, then upload again.</source>
        <translation>Behalten Sie das Paket hier, lassen Sie den Archivspeicher prüfen und laden Sie es dann neu hoch.</translation>
    </message>
    <message>
        <source>The stored copy is gone</source>
        <translation>Die gespeicherte Kopie fehlt</translation>
    </message>
    <message>
        <source>This copy does not exist. The bag here is still good.</source>
        <translation>Diese Kopie gibt es nicht. Das Paket hier ist unversehrt.</translation>
    </message>
    <message>
        <source>Upload the bag again and find out who removed it.</source>
        <translation>Laden Sie das Paket neu hoch und klären Sie, wer es entfernt hat.</translation>
    </message>
    <message>
        <source>Upload again</source>
        <translation>Erneut hochladen</translation>
    </message>
    <message>
        <source>Something else has taken its place</source>
        <translation>Etwas anderes hat seinen Platz eingenommen</translation>
    </message>
    <message>
        <source>What was read of the old one does not count.</source>
        <translation>Was vom Alten gelesen wurde, zählt nicht.</translation>
    </message>
    <message>
        <source>Nothing need be done. The new one is found by itself.</source>
        <translation>Es ist nichts zu tun. Das Neue wird von selbst gefunden.</translation>
    </message>
    <message>
        <source>The bag changed before it was uploaded</source>
        <translation>Das Paket hat sich vor dem Upload verändert</translation>
    </message>
    <message>
        <source>The upload was given up. Nothing was stored from the changed bag.</source>
        <translation>Der Upload wurde abgebrochen. Vom veränderten Paket wurde nichts gespeichert.</translation>
    </message>
    <message>
        <source>Have the bag checked, and made again from its pages if it is damaged.</source>
        <translation>Lassen Sie das Paket prüfen und, wenn es beschädigt ist, aus seinen Seiten neu erstellen.</translation>
    </message>
    <message>
        <source>The upload cannot be recorded here</source>
        <translation>Der Upload kann hier nicht festgehalten werden</translation>
    </message>
    <message>
        <source>The upload was stopped. Parts that arrived stay.</source>
        <translation>Der Upload wurde angehalten. Angekommene Teile bleiben.</translation>
    </message>
    <message>
        <source>Make room on this computer&apos;s disk, then go on.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger dieses Rechners und machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>Room made, go on</source>
        <translation>Platz geschaffen, weiter</translation>
    </message>
    <message>
        <source>The batch cannot go on</source>
        <translation>Der Stapel kann nicht weiterlaufen</translation>
    </message>
    <message>
        <source>Finished work is kept.</source>
        <translation>Fertige Arbeit ist gesichert.</translation>
    </message>
    <message>
        <source>The settings cannot be used</source>
        <translation>Die Einstellungen sind nicht verwendbar</translation>
    </message>
    <message>
        <source>Nothing was started, read or written.</source>
        <translation>Nichts wurde gestartet, gelesen oder geschrieben.</translation>
    </message>
    <message>
        <source>Correct the setting that is named below.</source>
        <translation>Berichtigen Sie die unten genannte Einstellung.</translation>
    </message>
    <message>
        <source>The work queue cannot be reached</source>
        <translation>Die Warteschlange ist nicht erreichbar</translation>
    </message>
    <message>
        <source>Capturing goes on. Finished items wait here and are sent when the queue is back.</source>
        <translation>Die Aufnahme geht weiter. Fertige Objekte warten hier und werden gesendet, sobald die Warteschlange zurück ist.</translation>
    </message>
    <message>
        <source>Check the network and the address of the broker under Settings.</source>
        <translation>Prüfen Sie in den Einstellungen das Netzwerk und die Adresse des Brokers.</translation>
    </message>
    <message>
        <source>The keyring gives no access keys</source>
        <translation>Der Schlüsselbund gibt keine Zugangsschlüssel her</translation>
    </message>
    <message>
        <source>No access key was read, kept or sent. Nothing else was changed.</source>
        <translation>Kein Zugangsschlüssel wurde gelesen, aufbewahrt oder gesendet. Sonst ist alles unverändert.</translation>
    </message>
    <message>
        <source>Unlock the keyring of your session, then try again.</source>
        <translation>Entsperren Sie den Schlüsselbund Ihrer Sitzung und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>This session has no keyring</source>
        <translation>Diese Sitzung hat keinen Schlüsselbund</translation>
    </message>
    <message>
        <source>Log in to a desktop session that has a keyring, or have the access keys set for this computer.</source>
        <translation>Melden Sie sich in einer Sitzung mit Schlüsselbund an oder lassen Sie die Zugangsschlüssel für diesen Rechner hinterlegen.</translation>
    </message>
    <message>
        <source>A message could not be sent</source>
        <translation>Eine Nachricht konnte nicht gesendet werden</translation>
    </message>
    <message>
        <source>It waits and is sent again later. Work goes on.</source>
        <translation>Sie wartet und wird später noch einmal gesendet. Die Arbeit geht weiter.</translation>
    </message>
    <message>
        <source>Look whether the service is there and its address is right.</source>
        <translation>Bitte nachsehen, ob der Dienst da ist und seine Adresse stimmt.</translation>
    </message>
    <message>
        <source>This backup of the registry cannot be used</source>
        <translation>Diese Sicherung der Datenbank ist nicht zu gebrauchen</translation>
    </message>
    <message>
        <source>Nothing was restored. The registry is as it was.</source>
        <translation>Nichts wurde zurückgeholt. Die Datenbank ist, wie sie war.</translation>
    </message>
    <message>
        <source>Take another backup.</source>
        <translation>Bitte eine andere Sicherung nehmen.</translation>
    </message>
    <message>
        <source>Show the details</source>
        <translation>Details zeigen</translation>
    </message>
    <message>
        <source>The registry was not backed up</source>
        <translation>Die Datenbank wurde nicht gesichert</translation>
    </message>
    <message>
        <source>No backup was made or restored. The registry is as it was.</source>
        <translation>Keine Sicherung wurde gemacht oder zurückgeholt. Die Datenbank ist, wie sie war.</translation>
    </message>
    <message>
        <source>Have the programs of the database server installed on this computer.</source>
        <translation>Bitte die Programme des Datenbankservers auf diesem Computer installieren lassen.</translation>
    </message>
    <message>
        <source>There is a registry already</source>
        <translation>Es gibt schon eine Datenbank</translation>
    </message>
    <message>
        <source>Close all of Recto first, and say that the registry is to be replaced.</source>
        <translation>Bitte zuerst alles von Recto schließen und angeben, dass die Datenbank ersetzt werden soll.</translation>
    </message>
    <message>
        <source>Another Recto on this computer holds what is needed</source>
        <translation>Ein anderes Recto auf diesem Rechner belegt, was gebraucht wird</translation>
    </message>
    <message>
        <source>Nothing was started.</source>
        <translation>Es wurde nichts gestartet.</translation>
    </message>
    <message>
        <source>Close the other one or wait for it, then try again.</source>
        <translation>Schließen Sie das andere oder warten Sie darauf und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>No batch can be made from this manifest</source>
        <translation>Aus diesem Manifest kann kein Stapel werden</translation>
    </message>
    <message>
        <source>Correct the problems in the manifest, then import it again.</source>
        <translation>Beheben Sie die Probleme im Manifest und importieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Show the problems</source>
        <translation>Probleme anzeigen</translation>
    </message>
    <message>
        <source>What the work needs is away now</source>
        <translation>Was die Arbeit braucht, ist gerade nicht da</translation>
    </message>
    <message>
        <source>Nothing needs doing if what is named comes back.</source>
        <translation>Kommt das Genannte zurück, ist nichts zu tun.</translation>
    </message>
    <message>
        <source>A program that this step needs is not installed</source>
        <translation>Ein Programm, das dieser Schritt braucht, ist nicht installiert</translation>
    </message>
    <message>
        <source>The item waits at this step. Nothing is lost.</source>
        <translation>Das Objekt wartet bei diesem Schritt. Nichts ist verloren.</translation>
    </message>
    <message>
        <source>This Recto and those on other machines do not fit together</source>
        <translation>Dieses Recto und die auf anderen Rechnern passen nicht zusammen</translation>
    </message>
    <message>
        <source>Nothing was started here; the others go on.</source>
        <translation>Hier wurde nichts gestartet; die anderen arbeiten weiter.</translation>
    </message>
    <message>
        <source>Have the same version installed on all machines, then try again.</source>
        <translation>Lassen Sie auf allen Rechnern dieselbe Version installieren, dann versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The pipeline of this batch cannot be used</source>
        <translation>Der Ablauf dieses Stapels ist nicht verwendbar</translation>
    </message>
    <message>
        <source>Correct the pipeline or choose another one, then import the manifest again.</source>
        <translation>Berichtigen Sie den Ablauf oder wählen Sie einen anderen, dann importieren Sie das Manifest erneut.</translation>
    </message>
    <message>
        <source>This computer does not know a step of the pipeline</source>
        <translation>Dieser Rechner kennt einen Schritt des Ablaufs nicht</translation>
    </message>
    <message>
        <source>Have the package installed that offers the step, then try again.</source>
        <translation>Lassen Sie das Paket installieren, das den Schritt anbietet, dann versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>A step of your own cannot be used</source>
        <translation>Ein eigener Schritt ist nicht verwendbar</translation>
    </message>
    <message>
        <source>Have the package that is named below mended, then try again.</source>
        <translation>Lassen Sie das unten genannte Paket in Ordnung bringen, dann versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Page files cannot be fetched or handed on now</source>
        <translation>Seitendateien können jetzt weder geholt noch weitergegeben werden</translation>
    </message>
    <message>
        <source>The work waits and goes on by itself. Nothing that was finished is lost.</source>
        <translation>Die Arbeit wartet und geht von selbst weiter. Nichts Fertiges geht verloren.</translation>
    </message>
    <message>
        <source>A place where files are kept cannot be reached</source>
        <translation>Ein Ort, an dem Dateien aufbewahrt werden, ist nicht erreichbar</translation>
    </message>
    <message>
        <source>The bag waits for this place and goes on by itself. Copies elsewhere are made meanwhile.</source>
        <translation>Das Bag wartet auf diesen Ort und geht von selbst weiter. Kopien an anderen Orten werden inzwischen angelegt.</translation>
    </message>
    <message>
        <source>Nothing needs doing if the place comes back. Otherwise check the network.</source>
        <translation>Kommt der Ort zurück, ist nichts zu tun. Sonst bitte das Netz prüfen.</translation>
    </message>
    <message>
        <source>Check connection</source>
        <translation>Verbindung prüfen</translation>
    </message>
    <message>
        <source>An earlier bag of the same object is still being stored</source>
        <translation>Ein früheres Bag desselben Objekts wird noch gespeichert</translation>
    </message>
    <message>
        <source>This bag waits and goes on by itself once the earlier one has ended.</source>
        <translation>Dieses Bag wartet und geht von selbst weiter, sobald das frühere fertig ist.</translation>
    </message>
    <message>
        <source>If the earlier one stands still, have it tried again or cancelled at the archive.</source>
        <translation>Steht das frühere still, bitte im Archiv erneut versuchen oder abbrechen lassen.</translation>
    </message>
    <message>
        <source>The object of this bag is being deleted just now</source>
        <translation>Das Objekt dieses Pakets wird gerade gelöscht</translation>
    </message>
    <message>
        <source>The bag waits and goes on by itself once all old copies are gone.</source>
        <translation>Das Paket wartet und geht von selbst weiter, sobald alle alten Kopien fort sind.</translation>
    </message>
    <message>
        <source>Nothing needs doing. If it lasts, look why the deletion has not ended.</source>
        <translation>Es ist nichts zu tun. Dauert es an, ist nachzusehen, warum das Löschen nicht geendet hat.</translation>
    </message>
    <message>
        <source>What calls itself a receipt proves nothing</source>
        <translation>Was sich Quittung nennt, beweist nichts</translation>
    </message>
    <message>
        <source>It was not accepted, and nothing was released because of it.</source>
        <translation>Sie wurde nicht angenommen, und nichts wurde deswegen freigegeben.</translation>
    </message>
    <message>
        <source>Ask the archive for its public keys and name them under Settings.</source>
        <translation>Bitte das Archiv nach seinen öffentlichen Schlüsseln fragen und sie unter Einstellungen nennen.</translation>
    </message>
    <message>
        <source>The registry and what is stored tell different things</source>
        <translation>Das Verzeichnis und das Gespeicherte widersprechen sich</translation>
    </message>
    <message>
        <source>No version was recorded and no receipt was given. The bag still lies where it arrived.</source>
        <translation>Keine Fassung wurde verzeichnet und keine Quittung gegeben. Das Bag liegt noch, wo es ankam.</translation>
    </message>
    <message>
        <source>Tell whoever answers for the archive.</source>
        <translation>Bitte den Verantwortlichen des Archivs Bescheid geben.</translation>
    </message>
    <message>
        <source>A page file has not come from its computer yet</source>
        <translation>Eine Seitendatei ist noch nicht von ihrem Rechner gekommen</translation>
    </message>
    <message>
        <source>The work waits until the computer that has the file sends it.</source>
        <translation>Die Arbeit wartet, bis der Rechner, der die Datei hat, sie schickt.</translation>
    </message>
    <message>
        <source>Switch on the station of this batch. If the computer that made the file is gone for good, do that stage again.</source>
        <translation>Schalten Sie die Station dieses Stapels ein. Ist der Rechner, der die Datei erzeugt hat, endgültig weg, wiederholen Sie diesen Schritt.</translation>
    </message>
    <message>
        <source>An item does not fit into the room for other stations&apos; files</source>
        <translation>Ein Objekt passt nicht in den Platz für Dateien anderer Stationen</translation>
    </message>
    <message>
        <source>The work was not begun. Nothing was fetched.</source>
        <translation>Die Arbeit wurde nicht begonnen. Nichts wurde geholt.</translation>
    </message>
    <message>
        <source>Give more room to other stations&apos; files on the computer named below, then try again.</source>
        <translation>Geben Sie den Dateien anderer Stationen auf dem unten genannten Rechner mehr Platz und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>There is no such provider of suggestions</source>
        <translation>Diesen Anbieter von Vorschlägen gibt es nicht</translation>
    </message>
    <message>
        <source>Nothing was sent or changed.</source>
        <translation>Nichts wurde gesendet oder geändert.</translation>
    </message>
    <message>
        <source>Have the package installed that offers it, or choose another.</source>
        <translation>Lassen Sie das Paket installieren, das ihn enthält, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>A provider of suggestions cannot be used</source>
        <translation>Ein Anbieter von Vorschlägen ist nicht nutzbar</translation>
    </message>
    <message>
        <source>It suggests nothing; the items go on without.</source>
        <translation>Er schlägt nichts vor; die Objekte laufen ohne weiter.</translation>
    </message>
    <message>
        <source>Have the package updated that is named below.</source>
        <translation>Lassen Sie das unten genannte Paket aktualisieren.</translation>
    </message>
    <message>
        <source>A provider gave no suggestions</source>
        <translation>Ein Anbieter hat keine Vorschläge geliefert</translation>
    </message>
    <message>
        <source>The item goes on without them.</source>
        <translation>Das Objekt läuft ohne sie weiter.</translation>
    </message>
    <message>
        <source>Check the address and the key of the provider under Settings.</source>
        <translation>Prüfen Sie Adresse und Schlüssel des Anbieters unter Einstellungen.</translation>
    </message>
    <message>
        <source>Have the program that is named below installed, then try again.</source>
        <translation>Lassen Sie das unten genannte Programm installieren und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>An image that the manifest names is gone</source>
        <translation>Ein im Manifest genanntes Bild fehlt</translation>
    </message>
    <message>
        <source>The item waits. No page of it was taken in.</source>
        <translation>Das Objekt wartet. Keine Seite davon wurde übernommen.</translation>
    </message>
    <message>
        <source>Put the images back where the manifest names them, then try again.</source>
        <translation>Legen Sie die Bilder dorthin zurück, wo das Manifest sie nennt, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Images are back, try again</source>
        <translation>Bilder liegen bereit, erneut versuchen</translation>
    </message>
    <message>
        <source>The disk is nearly full</source>
        <translation>Der Datenträger ist fast voll</translation>
    </message>
    <message>
        <source>The item waits. Nothing was captured that could not be kept.</source>
        <translation>Das Objekt wartet. Nichts wurde aufgenommen, was keinen Platz gehabt hätte.</translation>
    </message>
    <message>
        <source>Make room, or choose a larger disk under Settings. Then try again.</source>
        <translation>Schaffen Sie Platz oder wählen Sie in den Einstellungen einen größeren Datenträger. Versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>The next sheet is needed</source>
        <translation>Das nächste Blatt ist an der Reihe</translation>
    </message>
    <message>
        <source>The pages captured so far are kept and are not scanned again.</source>
        <translation>Die bisher aufgenommenen Seiten sind gesichert und werden nicht noch einmal gescannt.</translation>
    </message>
    <message>
        <source>Put the next sheet on the glass, then go on.</source>
        <translation>Legen Sie das nächste Blatt auf das Vorlagenglas und machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>Sheet is there, go on</source>
        <translation>Blatt liegt auf, weiter</translation>
    </message>
    <message>
        <source>The capture ended in the middle</source>
        <translation>Die Aufnahme brach mittendrin ab</translation>
    </message>
    <message>
        <source>The pages that arrived whole are kept. Nothing was scanned a second time.</source>
        <translation>Die vollständig angekommenen Seiten sind gesichert. Nichts wurde zweimal gescannt.</translation>
    </message>
    <message>
        <source>Put the sheet of the page that is missing on top of the rest, or on the glass. Then go on.</source>
        <translation>Legen Sie das Blatt der fehlenden Seite oben auf die übrigen oder auf das Vorlagenglas. Machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>The feeder ran empty too early</source>
        <translation>Der Vorlageneinzug war zu früh leer</translation>
    </message>
    <message>
        <source>Put the missing sheets into the feeder, then go on.</source>
        <translation>Legen Sie die fehlenden Blätter in den Vorlageneinzug und machen Sie dann weiter.</translation>
    </message>
    <message>
        <source>The scanner does not deliver what the manifest asks for</source>
        <translation>Der Scanner liefert nicht, was das Manifest verlangt</translation>
    </message>
    <message>
        <source>No page was kept that does not fit the manifest.</source>
        <translation>Keine Seite, die nicht zum Manifest passt, wurde behalten.</translation>
    </message>
    <message>
        <source>Choose another scanner, or correct resolution or settings in the manifest.</source>
        <translation>Wählen Sie einen anderen Scanner oder berichtigen Sie Auflösung oder Einstellungen im Manifest.</translation>
    </message>
    <message>
        <source>Choose a scanner</source>
        <translation>Scanner wählen</translation>
    </message>
    <message>
        <source>Pages did not pass the quality checks</source>
        <translation>Seiten haben die Qualitätsprüfung nicht bestanden</translation>
    </message>
    <message>
        <source>The item is held. Its pages are kept as they are.</source>
        <translation>Das Objekt wird zurückgehalten. Seine Seiten bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Look at the pages: accept them with a reason, or send them to retake.</source>
        <translation>Sehen Sie sich die Seiten an: Nehmen Sie sie mit Begründung an oder geben Sie sie zur Neuaufnahme.</translation>
    </message>
    <message>
        <source>A page&apos;s file is not as it was captured</source>
        <translation>Die Datei einer Seite ist nicht mehr so, wie sie aufgenommen wurde</translation>
    </message>
    <message>
        <source>Nothing was made from the changed file. No bag was written.</source>
        <translation>Aus der veränderten Datei wurde nichts erstellt. Es wurde kein Paket geschrieben.</translation>
    </message>
    <message>
        <source>Put the file back from a copy. If there is none, capture the page again.</source>
        <translation>Stellen Sie die Datei aus einer Kopie wieder her. Gibt es keine, nehmen Sie die Seite erneut auf.</translation>
    </message>
    <message>
        <source>Capture waits for room on the disk</source>
        <translation>Die Aufnahme wartet auf Platz auf der Platte</translation>
    </message>
    <message>
        <source>It goes on by itself. What was captured is worked on meanwhile.</source>
        <translation>Sie geht von selbst weiter. Was aufgenommen ist, wird inzwischen verarbeitet.</translation>
    </message>
    <message>
        <source>Make room, or release masters that are stored.</source>
        <translation>Schaffen Sie Platz, oder geben Sie Master frei, die schon gespeichert sind.</translation>
    </message>
    <message>
        <source>A step took longer than allowed</source>
        <translation>Ein Schritt dauerte länger als erlaubt</translation>
    </message>
    <message>
        <source>The step is tried once more by itself. Finished pages are kept.</source>
        <translation>Der Schritt wird von selbst noch einmal versucht. Fertige Seiten bleiben erhalten.</translation>
    </message>
    <message>
        <source>If it happens again, look at the item on the board.</source>
        <translation>Geschieht es wieder, sehen Sie sich das Objekt in der Übersicht an.</translation>
    </message>
    <message>
        <source>The disk refused</source>
        <translation>Der Datenträger hat abgelehnt</translation>
    </message>
    <message>
        <source>What was finished before is kept. Nothing half-written counts.</source>
        <translation>Vorher Fertiges ist gesichert. Nichts Halbes zählt.</translation>
    </message>
    <message>
        <source>Check the free space and the rights of the folder, then try again.</source>
        <translation>Prüfen Sie freien Platz und Zugriffsrechte des Ordners und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Recto ended unexpectedly when it ran last</source>
        <translation>Recto wurde beim letzten Mal unerwartet beendet</translation>
    </message>
    <message>
        <source>Captured pages are on the disk.</source>
        <translation>Aufgenommene Seiten sind gespeichert.</translation>
    </message>
    <message>
        <source>Go on working. If it happens again, save a report and send it to those who look after Recto.</source>
        <translation>Arbeiten Sie weiter. Geschieht es wieder, speichern Sie einen Bericht und senden Sie ihn an die Betreuung von Recto.</translation>
    </message>
    <message>
        <source>Something went wrong inside Recto</source>
        <translation>In Recto ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>The step stands still. Finished work is kept.</source>
        <translation>Der Schritt steht still. Fertige Arbeit ist gesichert.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, save a report and send it to those who look after Recto.</source>
        <translation>Versuchen Sie es erneut. Geschieht es wieder, speichern Sie einen Bericht und senden Sie ihn an die Betreuung von Recto.</translation>
    </message>
    <message>
        <source>A file could not be fetched from its server</source>
        <translation>Eine Datei konnte nicht vom Server geholt werden</translation>
    </message>
    <message>
        <source>The item waits. What has arrived is kept.</source>
        <translation>Das Objekt wartet. Was angekommen ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>The address of a file cannot be used</source>
        <translation>Die Adresse einer Datei ist nicht verwendbar</translation>
    </message>
    <message>
        <source>No server was asked.</source>
        <translation>Kein Server wurde gefragt.</translation>
    </message>
    <message>
        <source>Correct the address in the manifest. It must not hold a password.</source>
        <translation>Berichtigen Sie die Adresse im Manifest. Sie darf kein Kennwort enthalten.</translation>
    </message>
    <message>
        <source>The server with the files does not answer</source>
        <translation>Der Server mit den Dateien antwortet nicht</translation>
    </message>
    <message>
        <source>Nothing needs doing if the network comes back. Otherwise check the address.</source>
        <translation>Nichts ist zu tun, wenn das Netz wiederkommt. Sonst prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>The server with the files asks us to wait</source>
        <translation>Der Server mit den Dateien bittet um Geduld</translation>
    </message>
    <message>
        <source>Nothing needs doing. It is tried again by itself.</source>
        <translation>Nichts ist zu tun. Es wird von selbst noch einmal versucht.</translation>
    </message>
    <message>
        <source>The server does not let us read its files</source>
        <translation>Der Server lässt uns seine Dateien nicht lesen</translation>
    </message>
    <message>
        <source>Have the user, the key or the password corrected, then try again.</source>
        <translation>Lassen Sie Benutzer, Schlüssel oder Kennwort berichtigen und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>A file is not on the server any more</source>
        <translation>Eine Datei ist nicht mehr auf dem Server</translation>
    </message>
    <message>
        <source>Have the file put back on the server, then try again.</source>
        <translation>Lassen Sie die Datei wieder auf den Server legen und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>A file from the server is not the one that the manifest names</source>
        <translation>Eine Datei vom Server ist nicht die, die das Manifest nennt</translation>
    </message>
    <message>
        <source>What arrived was thrown away. The item waits.</source>
        <translation>Was ankam, wurde verworfen. Das Objekt wartet.</translation>
    </message>
    <message>
        <source>Ask those who run the server which of the two is right.</source>
        <translation>Fragen Sie die Betreiber des Servers, welche von beiden richtig ist.</translation>
    </message>
    <message>
        <source>A file on the server is larger than allowed</source>
        <translation>Eine Datei auf dem Server ist größer als erlaubt</translation>
    </message>
    <message>
        <source>Make sure that the file is wanted, then raise the limit under Settings.</source>
        <translation>Vergewissern Sie sich, dass die Datei gewollt ist, und erhöhen Sie dann die Grenze unter Einstellungen.</translation>
    </message>
    <message>
        <source>Files may not be fetched from this server</source>
        <translation>Von diesem Server dürfen keine Dateien geholt werden</translation>
    </message>
    <message>
        <source>Nothing was sent to it.</source>
        <translation>Nichts wurde dorthin gesendet.</translation>
    </message>
    <message>
        <source>If the server is to be trusted, name it under Settings.</source>
        <translation>Wenn dem Server zu trauen ist, nennen Sie ihn unter Einstellungen.</translation>
    </message>
    <message>
        <source>The server cannot prove that it is the right one</source>
        <translation>Der Server kann nicht beweisen, dass er der richtige ist</translation>
    </message>
    <message>
        <source>The connection was closed. No password went over it.</source>
        <translation>Die Verbindung wurde geschlossen. Kein Kennwort ging darüber.</translation>
    </message>
    <message>
        <source>Compare the fingerprint with those who run the server, then record it.</source>
        <translation>Vergleichen Sie den Fingerabdruck mit den Betreibern des Servers und tragen Sie ihn dann ein.</translation>
    </message>
    <message>
        <source>The server&apos;s answer cannot be understood</source>
        <translation>Die Antwort des Servers ist unverständlich</translation>
    </message>
    <message>
        <source>Check the addresses in the manifest.</source>
        <translation>Prüfen Sie die Adressen im Manifest.</translation>
    </message>
    <message>
        <source>SFTP is not installed here</source>
        <translation>SFTP ist hier nicht installiert</translation>
    </message>
    <message>
        <source>The archive cannot do that with this object</source>
        <translation>Das Archiv kann das mit diesem Objekt nicht tun</translation>
    </message>
    <message>
        <source>The archive keeps no object of this name</source>
        <translation>Das Archiv bewahrt kein Objekt dieses Namens</translation>
    </message>
    <message>
        <source>Nothing was read or changed.</source>
        <translation>Es wurde nichts gelesen und nichts geändert.</translation>
    </message>
    <message>
        <source>Check the name: institution, slash, name of the bag.</source>
        <translation>Prüfen Sie den Namen: Einrichtung, Schrägstrich, Name des Pakets.</translation>
    </message>
    <message>
        <source>The object has no such file</source>
        <translation>Das Objekt hat keine solche Datei</translation>
    </message>
    <message>
        <source>Look which files this version has.</source>
        <translation>Sehen Sie nach, welche Dateien diese Fassung hat.</translation>
    </message>
    <message>
        <source>The object was deleted from the archive</source>
        <translation>Das Objekt wurde aus dem Archiv gelöscht</translation>
    </message>
    <message>
        <source>There is nothing to give back. Its history is kept.</source>
        <translation>Es gibt nichts zurückzugeben. Seine Geschichte ist erhalten.</translation>
    </message>
    <message>
        <source>Look in its history who asked for that, and why.</source>
        <translation>Sehen Sie in seiner Geschichte nach, wer das verlangt hat und warum.</translation>
    </message>
    <message>
        <source>No copy of a file is good any more</source>
        <translation>Von einer Datei ist keine Kopie mehr gut</translation>
    </message>
    <message>
        <source>Nothing was restored. What is left of the copies was not touched.</source>
        <translation>Es wurde nichts wiederhergestellt. Was von den Kopien übrig ist, blieb unberührt.</translation>
    </message>
    <message>
        <source>Look for the file at its depositor and in backups.</source>
        <translation>Suchen Sie die Datei bei der Einrichtung, die sie abgegeben hat, und in Sicherungen.</translation>
    </message>
    <message>
        <source>Nobody said where restored bags go</source>
        <translation>Niemand hat gesagt, wohin wiederhergestellte Pakete kommen</translation>
    </message>
    <message>
        <source>Nothing was restored.</source>
        <translation>Es wurde nichts wiederhergestellt.</translation>
    </message>
    <message>
        <source>Name a place, or give the institution one for restored bags.</source>
        <translation>Nennen Sie einen Ort, oder geben Sie der Einrichtung einen für wiederhergestellte Pakete.</translation>
    </message>
    <message>
        <source>Bags arrive there, or copies are kept</source>
        <translation>Dort kommen Pakete an, oder Kopien werden dort aufbewahrt</translation>
    </message>
    <message>
        <source>Name another place for what is restored.</source>
        <translation>Nennen Sie einen anderen Ort für das Wiederhergestellte.</translation>
    </message>
    <message>
        <source>What was restored is not what was kept</source>
        <translation>Das Wiederhergestellte ist nicht das Bewahrte</translation>
    </message>
    <message>
        <source>It was taken away again. The copies were not touched.</source>
        <translation>Es wurde wieder entfernt. Die Kopien blieben unberührt.</translation>
    </message>
    <message>
        <source>Have the place checked that it was restored to, then try again.</source>
        <translation>Lassen Sie den Ort prüfen, an den wiederhergestellt wurde, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The object may not be deleted as things are</source>
        <translation>Das Objekt darf so, wie es steht, nicht gelöscht werden</translation>
    </message>
    <message>
        <source>Nothing was deleted. That it was tried is recorded.</source>
        <translation>Es wurde nichts gelöscht. Dass es versucht wurde, ist festgehalten.</translation>
    </message>
    <message>
        <source>Look at the details: two persons must agree, and no work be pending.</source>
        <translation>Sehen Sie die Einzelheiten an: zwei Personen müssen zustimmen, und keine Arbeit darf offen sein.</translation>
    </message>
    <message>
        <source>There is no such request for a deletion</source>
        <translation>Es gibt keinen solchen Antrag auf Löschen</translation>
    </message>
    <message>
        <source>Nothing was deleted.</source>
        <translation>Es wurde nichts gelöscht.</translation>
    </message>
    <message>
        <source>Look which requests there are.</source>
        <translation>Sehen Sie nach, welche Anträge es gibt.</translation>
    </message>
</context>
<context>
    <name>importing</name>
    <message>
        <source>Open a manifest</source>
        <translation>Manifest öffnen</translation>
    </message>
    <message>
        <source>Manifests</source>
        <translation>Manifeste</translation>
    </message>
    <message>
        <source>There is a file {name} already.</source>
        <translation>Es gibt schon eine Datei {name}.</translation>
    </message>
    <message>
        <source>What is in it will be lost when you replace it.</source>
        <translation>Ihr Inhalt geht verloren, wenn Sie sie ersetzen.</translation>
    </message>
    <message>
        <source>Replace the file</source>
        <translation>Datei ersetzen</translation>
    </message>
</context>
<context>
    <name>items</name>
    <message>
        <source>Retake</source>
        <translation>Neuaufnahme</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Not captured here</source>
        <translation>Nicht hier aufzunehmen</translation>
    </message>
    <message>
        <source>Current</source>
        <translation>Aktuell</translation>
    </message>
</context>
<context>
    <name>labels</name>
    <message>
        <source>Arabic: 1, 2, 3</source>
        <translation>Arabisch: 1, 2, 3</translation>
    </message>
    <message>
        <source>Roman: i, ii, iii</source>
        <translation>Römisch: i, ii, iii</translation>
    </message>
    <message>
        <source>Folios: 1r, 1v, 2r</source>
        <translation>Blätter: 1r, 1v, 2r</translation>
    </message>
    <message>
        <source>As I write it</source>
        <translation>Freier Text</translation>
    </message>
    <message>
        <source>Write a number, such as 1.</source>
        <translation>Schreiben Sie eine Zahl, etwa 1.</translation>
    </message>
    <message>
        <source>Write a roman number, such as i or XII.</source>
        <translation>Schreiben Sie eine römische Zahl, etwa i oder XII.</translation>
    </message>
    <message>
        <source>Write a folio with its side, such as 1r or 12v.</source>
        <translation>Schreiben Sie ein Blatt mit Seite, etwa 1r oder 12v.</translation>
    </message>
    <message>
        <source>Write what stands on the page.</source>
        <translation>Schreiben Sie, was auf der Seite steht.</translation>
    </message>
</context>
<context>
    <name>manifest</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Let stand</source>
        <translation>Zugelassen</translation>
    </message>
    <message>
        <source>Row {row}</source>
        <translation>Zeile {row}</translation>
    </message>
    <message>
        <source>Line {line}</source>
        <translation>Zeile {line}</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Text of the file</source>
        <translation>Text der Datei</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>The file is the one that was captured.</source>
        <translation>Die Datei ist die aufgenommene.</translation>
    </message>
    <message>
        <source>The file has changed since it was captured.</source>
        <translation>Die Datei hat sich seit der Aufnahme verändert.</translation>
    </message>
    <message>
        <source>The file holds one image.</source>
        <translation>Die Datei enthält ein Bild.</translation>
    </message>
    <message>
        <source>The file holds {count} images; only the first would be read and shown.</source>
        <translation>Die Datei enthält {count} Bilder; nur das erste würde gelesen und gezeigt.</translation>
    </message>
    <message>
        <source>The file states {number} dpi as expected.</source>
        <translation>Die Datei nennt wie erwartet {number} dpi.</translation>
    </message>
    <message>
        <source>The image is {found}, as {expected} asks.</source>
        <translation>Das Bild ist {found}, wie {expected} verlangt.</translation>
    </message>
    <message>
        <source>The image is {found}; the manifest asks for {expected}.</source>
        <translation>Das Bild ist {found}; das Manifest verlangt {expected}.</translation>
    </message>
    <message>
        <source>The colour image has no ICC profile.</source>
        <translation>Das Farbbild hat kein ICC-Profil.</translation>
    </message>
    <message>
        <source>The ICC profile ({value}) is not a readable profile for RGB images.</source>
        <translation>Das ICC-Profil ({value}) ist kein lesbares Profil für RGB-Bilder.</translation>
    </message>
    <message>
        <source>The image has the ICC profile {value}.</source>
        <translation>Das Bild hat das ICC-Profil {value}.</translation>
    </message>
    <message>
        <source>The image decodes whole.</source>
        <translation>Das Bild lässt sich ganz öffnen.</translation>
    </message>
    <message>
        <source>There is something on the page.</source>
        <translation>Auf der Seite ist etwas.</translation>
    </message>
    <message>
        <source>The page seems to be blank: make sure that the right side was scanned.</source>
        <translation>Die Seite scheint leer zu sein: Prüfen Sie, ob die richtige Seite gescannt wurde.</translation>
    </message>
    <message>
        <source>There is hardly anything on the page; it may be blank.</source>
        <translation>Auf der Seite ist kaum etwas; vielleicht ist sie leer.</translation>
    </message>
    <message>
        <source>{number} of the page is pure white.</source>
        <translation>{number} der Seite sind reines Weiß.</translation>
    </message>
    <message>
        <source>{number} of the page is pure white; {limit} is the limit.</source>
        <translation>{number} der Seite sind reines Weiß; die Grenze ist {limit}.</translation>
    </message>
    <message>
        <source>{number} of the page is pure black.</source>
        <translation>{number} der Seite sind reines Schwarz.</translation>
    </message>
    <message>
        <source>{number} of the page is pure black; {limit} is the limit.</source>
        <translation>{number} der Seite sind reines Schwarz; die Grenze ist {limit}.</translation>
    </message>
    <message>
        <source>The lines are level within {number} degrees.</source>
        <translation>Die Zeilen liegen auf {number} Grad gerade.</translation>
    </message>
    <message>
        <source>No line runs along the whole page.</source>
        <translation>Kein Strich läuft über die ganze Seite.</translation>
    </message>
    <message>
        <source>The page lies {number} degrees off, {way}: lay it down straight and scan it again.</source>
        <translation>Die Seite liegt {number} Grad schief, {way}: Legen Sie sie gerade auf und scannen Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The file is {found}, as its name says.</source>
        <translation>Die Datei ist {found}, wie ihr Name sagt.</translation>
    </message>
    <message>
        <source>The file is {found}, but its name ends in “{value}”: give it the name that fits.</source>
        <translation>Die Datei ist {found}, aber ihr Name endet auf „{value}“: Geben Sie ihr den passenden Namen.</translation>
    </message>
    <message>
        <source>The file states no resolution; {number} dpi are asked for.</source>
        <translation>Die Datei nennt keine Auflösung; verlangt sind {number} dpi.</translation>
    </message>
    <message>
        <source>The file states {number} dpi; {other} are asked for.</source>
        <translation>Die Datei nennt {number} dpi; verlangt sind {other}.</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>ganz</translation>
    </message>
    <message>
        <source>The image opens, but its data is damaged: {value}.</source>
        <translation>Das Bild lässt sich öffnen, aber seine Daten sind beschädigt: {value}.</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>The sheet takes {number} of the image.</source>
        <translation>Das Blatt nimmt {number} des Bildes ein.</translation>
    </message>
    <message>
        <source>clockwise</source>
        <translation>im Uhrzeigersinn</translation>
    </message>
    <message>
        <source>counter-clockwise</source>
        <translation>gegen den Uhrzeigersinn</translation>
    </message>
    <message>
        <source>A line runs along the whole page, {where}: clean the glass of the feeder.</source>
        <translation>Ein Strich läuft über die ganze Seite, {where}: Reinigen Sie das Glas des Vorlageneinzugs.</translation>
    </message>
    <message>
        <source>{number} from the left</source>
        <translation>{number} von links</translation>
    </message>
    <message>
        <source>The paper has a lightness of L* {number}.</source>
        <translation>Das Papier hat eine Helligkeit von L* {number}.</translation>
    </message>
    <message>
        <source>The paper has a lightness of L* {number}; look whether the exposure is right.</source>
        <translation>Das Papier hat eine Helligkeit von L* {number}; sehen Sie nach, ob die Belichtung stimmt.</translation>
    </message>
    <message>
        <source>The paper&apos;s lightness differs by {number} L* across the page.</source>
        <translation>Die Helligkeit des Papiers schwankt auf der Seite um {number} L*.</translation>
    </message>
    <message>
        <source>The paper&apos;s lightness differs by {number} L* across the page; look whether a lamp is off, or the page is curved.</source>
        <translation>Die Helligkeit des Papiers schwankt auf der Seite um {number} L*; sehen Sie nach, ob eine Lampe aus oder die Seite gewölbt ist.</translation>
    </message>
    <message>
        <source>Bare paper has a noise of {number} L*.</source>
        <translation>Leeres Papier rauscht mit {number} L*.</translation>
    </message>
    <message>
        <source>Bare paper has a noise of {number} L*; so little comes from smoothing in the device or its driver: switch that off.</source>
        <translation>Leeres Papier rauscht mit {number} L*; so wenig kommt von einer Glättung im Gerät oder Treiber: Schalten Sie sie ab.</translation>
    </message>
    <message>
        <source>Bare paper has a noise of {number} L*; paper with a strong grain, or a device with too little light.</source>
        <translation>Leeres Papier rauscht mit {number} L*; das Papier ist grob, oder das Gerät hat zu wenig Licht.</translation>
    </message>
    <message>
        <source>How sharp the page is shows beside the other pages of its item.</source>
        <translation>Wie scharf die Seite ist, zeigt sich neben den anderen Seiten des Objekts.</translation>
    </message>
    <message>
        <source>By it a page that was scanned twice is found.</source>
        <translation>Damit werden zweimal gescannte Seiten gefunden.</translation>
    </message>
    <message>
        <source>The item has {count} pages; the manifest announces {other}.</source>
        <translation>Das Objekt hat {count} Seiten; das Manifest kündigt {other} an.</translation>
    </message>
    <message>
        <source>The item has {count} pages; the manifest announces {other}, and {number} are marked as missing.</source>
        <translation>Das Objekt hat {count} Seiten; das Manifest kündigt {other} an, und {number} sind als fehlend vermerkt.</translation>
    </message>
    <message>
        <source>{value} finds nothing wrong with the file.</source>
        <translation>{value} findet an der Datei nichts auszusetzen.</translation>
    </message>
    <message>
        <source>{value} finds the file good and remarks: {cause}.</source>
        <translation>{value} findet die Datei in Ordnung und merkt an: {cause}.</translation>
    </message>
    <message>
        <source>{value} has not judged the file: {cause}.</source>
        <translation>{value} hat die Datei nicht beurteilt: {cause}.</translation>
    </message>
    <message>
        <source>{value} finds the file wrong: {cause}.</source>
        <translation>{value} findet die Datei fehlerhaft: {cause}.</translation>
    </message>
    <message>
        <source>The page looks like {value}: one of the two may be too many.</source>
        <translation>Die Seite sieht aus wie {value}: Eine von beiden ist vielleicht zu viel.</translation>
    </message>
    <message>
        <source>The page has {number} of the usual sharpness: look whether it is in focus.</source>
        <translation>Die Seite hat {number} der üblichen Schärfe: Sehen Sie nach, ob sie scharf gestellt ist.</translation>
    </message>
    <message>
        <source>The text was read with a confidence of {number} in 100.</source>
        <translation>Der Text wurde mit einer Sicherheit von {number} von 100 gelesen.</translation>
    </message>
    <message>
        <source>The text was read with a confidence of {number} in 100; look whether the page is sharp, and of the language that is named.</source>
        <translation>Der Text wurde mit einer Sicherheit von {number} von 100 gelesen; sehen Sie nach, ob die Seite scharf und in der angegebenen Sprache ist.</translation>
    </message>
    <message>
        <source>{number} of the words were read unsurely.</source>
        <translation>{number} der Wörter wurden unsicher gelesen.</translation>
    </message>
    <message>
        <source>{number} of the words were read unsurely; look whether a part of the page is blurred, cut or handwritten.</source>
        <translation>{number} der Wörter wurden unsicher gelesen; sehen Sie nach, ob ein Teil der Seite unscharf, abgeschnitten oder handschriftlich ist.</translation>
    </message>
    <message>
        <source>The text lies on its side or its head: turn the page by {number} degrees clockwise.</source>
        <translation>Der Text liegt auf der Seite oder auf dem Kopf: Drehen Sie die Seite um {number} Grad im Uhrzeigersinn.</translation>
    </message>
    <message>
        <source>The text stands upright.</source>
        <translation>Der Text steht aufrecht.</translation>
    </message>
    <message>
        <source>The file states {number} dpi: whoever shows it by its resolution shows it distorted.</source>
        <translation>Die Datei gibt {number} dpi an: Wer sie nach ihrer Auflösung zeigt, zeigt sie verzerrt.</translation>
    </message>
    <message>
        <source>The file states {number} dpi, the same in both directions.</source>
        <translation>Die Datei gibt {number} dpi an, in beiden Richtungen gleich.</translation>
    </message>
    <message>
        <source>The ICC profile says that it has {count} bytes, and has {number}: it is damaged.</source>
        <translation>Das ICC-Profil soll {count} Bytes haben und hat {number}: Es ist beschädigt.</translation>
    </message>
    <message>
        <source>The ICC profile ({name}) is not a readable profile for {value} images.</source>
        <translation>Das ICC-Profil ({name}) ist kein lesbares Profil für {value}-Bilder.</translation>
    </message>
    <message>
        <source>The ICC profile ({name}) is of class {value}: it describes no images.</source>
        <translation>Das ICC-Profil ({name}) ist von der Klasse {value}: Es beschreibt keine Bilder.</translation>
    </message>
    <message>
        <source>No text runs over the edge of the image.</source>
        <translation>Kein Text läuft über den Rand des Bildes hinaus.</translation>
    </message>
    <message>
        <source>Text runs over the {value} edge of the image ({count} strokes): make the area larger, or lay the sheet in its middle, and scan it again.</source>
        <translation>Text läuft über den Rand des Bildes hinaus ({value}, {count} Striche): Vergrößern Sie die Fläche oder legen Sie das Blatt in ihre Mitte, und scannen Sie noch einmal.</translation>
    </message>
    <message>
        <source>The tags are those that the set {name} asks for.</source>
        <translation>Die Tags sind die, die der Satz {name} verlangt.</translation>
    </message>
    <message>
        <source>The tags are not those that the set {name} asks for: {value}.</source>
        <translation>Die Tags sind nicht die, die der Satz {name} verlangt: {value}.</translation>
    </message>
    <message>
        <source>page {page}: {finding}</source>
        <translation>Seite {page}: {finding}</translation>
    </message>
    <message>
        <source>{sentence} (and {count} more)</source>
        <translation>{sentence} (und {count} weitere)</translation>
    </message>
    <message>
        <source>{path} has {count} bytes, and {other} were recorded for it.</source>
        <translation>{path} hat {count} Byte; festgehalten sind {other}.</translation>
    </message>
    <message>
        <source>{path} is not the file that was recorded: its {algorithm} is {value}, recorded was {other}.</source>
        <translation>{path} ist nicht die festgehaltene Datei: {algorithm} ist {value}, festgehalten ist {other}.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {cause}.</source>
        <translation>{path} kann nicht gelesen werden: {cause}.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {cause}.</source>
        <translation>{path} kann nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
        <source>{path} could not be written: {cause}.</source>
        <translation>{path} konnte nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
        <source>{path} is not a file.</source>
        <translation>{path} ist keine Datei.</translation>
    </message>
    <message>
        <source>{path} is gone.</source>
        <translation>{path} ist nicht mehr da.</translation>
    </message>
    <message>
        <source>{path} exists already.</source>
        <translation>{path} gibt es schon.</translation>
    </message>
    <message>
        <source>{path} exists already and holds something else.</source>
        <translation>{path} gibt es schon, mit anderem Inhalt.</translation>
    </message>
    <message>
        <source>{path} exists already, and is not byte for byte the bag to be written.</source>
        <translation>{path} gibt es schon und ist nicht Byte für Byte das zu schreibende Paket.</translation>
    </message>
    <message>
        <source>{path} needs {count} bytes, and {other} are free there.</source>
        <translation>{path} braucht {count} Byte; dort sind {other} frei.</translation>
    </message>
    <message>
        <source>{path} has {count} bytes free, and {name} needs {other}.</source>
        <translation>{path} hat {count} Byte frei; {name} braucht {other}.</translation>
    </message>
    <message>
        <source>{path} is not a TIFF, JPEG, PNG or JPEG 2000 file.</source>
        <translation>{path} ist keine Datei in TIFF, JPEG, PNG oder JPEG 2000.</translation>
    </message>
    <message>
        <source>{path} is no TIFF, JPEG, PNG or JPEG 2000 file.</source>
        <translation>{path} ist keine Datei in TIFF, JPEG, PNG oder JPEG 2000.</translation>
    </message>
    <message>
        <source>{path} decodes to another size than its header says.</source>
        <translation>{path} hat ausgepackt eine andere Größe, als ihr Kopf angibt.</translation>
    </message>
    <message>
        <source>{path} is truncated by {count} bytes.</source>
        <translation>{path} fehlen am Ende {count} Byte.</translation>
    </message>
    <message>
        <source>{path} claims {width} x {height} pixels; the limit is {count}.</source>
        <translation>{path} gibt {width} x {height} Pixel an; die Grenze ist {count}.</translation>
    </message>
    <message>
        <source>{path} exists and is another file than {other}.</source>
        <translation>{path} gibt es schon und ist eine andere Datei als {other}.</translation>
    </message>
    <message>
        <source>The copy of {path} at {other} is not the file that was read.</source>
        <translation>Die Kopie von {path} unter {other} ist nicht die gelesene Datei.</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>Die Datei {path} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no file {path} any more.</source>
        <translation>Die Datei {path} gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>The file {path} is empty.</source>
        <translation>Die Datei {path} ist leer.</translation>
    </message>
    <message>
        <source>The manifest {path} was changed after it was checked.</source>
        <translation>Das Manifest {path} wurde nach der Prüfung geändert.</translation>
    </message>
    <message>
        <source>There is no bag profile {value}.</source>
        <translation>Das BagIt-Profil {value} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no quality profile {value}; shipped are: {other}.</source>
        <translation>Das Qualitätsprofil {value} gibt es nicht; Recto bringt mit: {other}.</translation>
    </message>
    <message>
        <source>There is no colour profile named {value}; known are {other}.</source>
        <translation>Das Farbprofil {value} gibt es nicht; bekannt sind {other}.</translation>
    </message>
    <message>
        <source>The colour profile {value} does not come with Recto, and no file of the site was found for it.</source>
        <translation>Das Farbprofil {value} gehört nicht zu Recto, und im Haus wurde keine Datei dafür gefunden.</translation>
    </message>
    <message>
        <source>The ICC profile {path} cannot be read: {cause}.</source>
        <translation>Das ICC-Profil {path} lässt sich nicht lesen: {cause}.</translation>
    </message>
    <message>
        <source>The folder of ICC profiles {path} cannot be read: {cause}.</source>
        <translation>Der Ordner der ICC-Profile {path} lässt sich nicht lesen: {cause}.</translation>
    </message>
    <message>
        <source>The file {path} is not an ICC profile for {value} images.</source>
        <translation>Die Datei {path} ist kein ICC-Profil für {value}-Bilder.</translation>
    </message>
    <message>
        <source>There is no batch {value} in the registry.</source>
        <translation>Den Stapel {value} gibt es in der Datenbank nicht.</translation>
    </message>
    <message>
        <source>Batch {batch} is registered already, from this very manifest ({path}).</source>
        <translation>Der Stapel {batch} ist schon angelegt, aus genau diesem Manifest ({path}).</translation>
    </message>
    <message>
        <source>Batch {batch} is registered already, from another manifest ({path}).</source>
        <translation>Der Stapel {batch} ist schon angelegt, aus einem anderen Manifest ({path}).</translation>
    </message>
    <message>
        <source>Batch {batch} has no item {item}.</source>
        <translation>Der Stapel {batch} hat kein Objekt {item}.</translation>
    </message>
    <message>
        <source>The masters and the bag of {item} were released on {date}; the bag is stored at {place}.</source>
        <translation>Masterdateien und Paket von {item} wurden am {date} hier entfernt; das Paket liegt unter {place}.</translation>
    </message>
    <message>
        <source>There are {count} fronts and {other} backs.</source>
        <translation>Es sind {count} Vorderseiten und {other} Rückseiten.</translation>
    </message>
    <message>
        <source>This page is not in the item any more.</source>
        <translation>Diese Seite ist nicht mehr im Objekt.</translation>
    </message>
    <message>
        <source>{count} of these pages are not in the item.</source>
        <translation>{count} dieser Seiten sind nicht im Objekt.</translation>
    </message>
    <message>
        <source>Item {item} is not captured at the desk.</source>
        <translation>Das Objekt {item} wird nicht am Arbeitsplatz aufgenommen.</translation>
    </message>
    <message>
        <source>Item {item} was cancelled, or its stages have begun.</source>
        <translation>Das Objekt {item} wurde abgebrochen, oder seine Schritte haben begonnen.</translation>
    </message>
    <message>
        <source>Item {item} was cancelled.</source>
        <translation>Das Objekt {item} wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Item {item} is still at the desk.</source>
        <translation>Das Objekt {item} liegt noch am Arbeitsplatz.</translation>
    </message>
    <message>
        <source>Item {item} has no page {page}.</source>
        <translation>Das Objekt {item} hat keine Seite {page}.</translation>
    </message>
    <message>
        <source>Item {item} has been handed over since.</source>
        <translation>Das Objekt {item} wurde inzwischen übergeben.</translation>
    </message>
    <message>
        <source>Pages of {item} are not what they were.</source>
        <translation>Seiten von {item} haben sich inzwischen geändert.</translation>
    </message>
    <message>
        <source>There is no page of {item} yet.</source>
        <translation>Von {item} gibt es noch keine Seite.</translation>
    </message>
    <message>
        <source>Rejected pages wait to be captured again: {pages}.</source>
        <translation>Abgelehnte Seiten warten auf die Neuaufnahme: {pages}.</translation>
    </message>
    <message>
        <source>A scan of {item} is still under way.</source>
        <translation>Von {item} läuft noch ein Scan.</translation>
    </message>
    <message>
        <source>A scan of {item} was interrupted, and its pages were kept for later.</source>
        <translation>Ein Scan von {item} wurde unterbrochen; seine Seiten sind für später aufbewahrt.</translation>
    </message>
    <message>
        <source>{value} is no arabic page label.</source>
        <translation>{value} ist keine arabische Seitenbezeichnung.</translation>
    </message>
    <message>
        <source>{value} is no roman page label.</source>
        <translation>{value} ist keine römische Seitenbezeichnung.</translation>
    </message>
    <message>
        <source>{value} is no folio page label.</source>
        <translation>{value} ist keine Blattbezeichnung.</translation>
    </message>
    <message>
        <source>A custom page label needs a text.</source>
        <translation>Eine freie Seitenbezeichnung braucht einen Text.</translation>
    </message>
    <message>
        <source>The page {path} is gone.</source>
        <translation>Die Seite {path} ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The bag of {item} is stored already.</source>
        <translation>Das Paket von {item} ist schon gespeichert.</translation>
    </message>
    <message>
        <source>The bag of {item} is gone: {path}.</source>
        <translation>Das Paket von {item} ist nicht mehr da: {path}.</translation>
    </message>
    <message>
        <source>A worker is at {item}.</source>
        <translation>{item} ist gerade in der Verarbeitung.</translation>
    </message>
    <message>
        <source>The broker took no messages for {item}: {cause}.</source>
        <translation>Der Broker nahm keine Nachrichten für {item} an: {cause}.</translation>
    </message>
    <message>
        <source>{value} does not answer: {cause}.</source>
        <translation>{value} antwortet nicht: {cause}.</translation>
    </message>
    <message>
        <source>The broker refuses: {cause}.</source>
        <translation>Der Broker lehnt ab: {cause}.</translation>
    </message>
    <message>
        <source>The broker went away: {cause}.</source>
        <translation>Der Broker ist nicht mehr da: {cause}.</translation>
    </message>
    <message>
        <source>The broker {value} cannot be used: {cause}.</source>
        <translation>Der Broker {value} ist nicht verwendbar: {cause}.</translation>
    </message>
    <message>
        <source>No station runs here, so its private broker is not there either.</source>
        <translation>Hier läuft keine Station, also auch nicht ihr eigener Broker.</translation>
    </message>
    <message>
        <source>The station&apos;s private broker does not answer.</source>
        <translation>Der eigene Broker der Station antwortet nicht.</translation>
    </message>
    <message>
        <source>The private broker cannot be started: {cause}.</source>
        <translation>Der eigene Broker kann nicht gestartet werden: {cause}.</translation>
    </message>
    <message>
        <source>Station {name} is run by process {value} already.</source>
        <translation>Die Station {name} läuft schon als Prozess {value}.</translation>
    </message>
    <message>
        <source>There is no storage target {value}; known are: {other}.</source>
        <translation>Das Speicherziel {value} gibt es nicht; bekannt sind: {other}.</translation>
    </message>
    <message>
        <source>There is no pipeline {value}.</source>
        <translation>Die Pipeline {value} gibt es nicht.</translation>
    </message>
    <message>
        <source>The settings cannot be used: {cause}.</source>
        <translation>Die Einstellungen sind nicht verwendbar: {cause}.</translation>
    </message>
    <message>
        <source>The settings file {path} cannot be read: {cause}.</source>
        <translation>Die Einstellungsdatei {path} kann nicht gelesen werden: {cause}.</translation>
    </message>
    <message>
        <source>The settings file {path} cannot be written: {cause}.</source>
        <translation>Die Einstellungsdatei {path} kann nicht geschrieben werden: {cause}.</translation>
    </message>
    <message>
        <source>The settings file {path} is written in a way that cannot be changed from here.</source>
        <translation>Die Einstellungsdatei {path} ist so geschrieben, dass sie von hier nicht geändert werden kann.</translation>
    </message>
    <message>
        <source>There is a device {name} already.</source>
        <translation>Ein Gerät {name} gibt es schon.</translation>
    </message>
    <message>
        <source>There are batches in {path}.</source>
        <translation>In {path} liegen Stapel.</translation>
    </message>
    <message>
        <source>Close Recto, move the whole folder, then set data_directory in the settings file.</source>
        <translation>Schließen Sie Recto, verschieben Sie den ganzen Ordner und setzen Sie dann data_directory in der Einstellungsdatei.</translation>
    </message>
    <message>
        <source>Nothing can be written to {path}.</source>
        <translation>In {path} kann nichts geschrieben werden.</translation>
    </message>
    <message>
        <source>Choose another folder, or have somebody give you the right to write there.</source>
        <translation>Wählen Sie einen anderen Ordner oder lassen Sie sich das Recht geben, dort zu schreiben.</translation>
    </message>
    <message>
        <source>There are characters in the new value that no file can hold.</source>
        <translation>Im neuen Wert stehen Zeichen, die keine Datei aufnehmen kann.</translation>
    </message>
    <message>
        <source>Write it again by hand.</source>
        <translation>Schreiben Sie ihn noch einmal von Hand.</translation>
    </message>
    <message>
        <source>{path} is no address.</source>
        <translation>{path} ist keine Adresse.</translation>
    </message>
    <message>
        <source>Mend the address.</source>
        <translation>Berichtigen Sie die Adresse.</translation>
    </message>
    <message>
        <source>Give the whole path of the folder, from / or ~ on.</source>
        <translation>Geben Sie den ganzen Pfad des Ordners an, ab / oder ~.</translation>
    </message>
    <message>
        <source>Give the whole path, as in {path}.</source>
        <translation>Geben Sie den ganzen Pfad an, wie in {path}.</translation>
    </message>
    <message>
        <source>There is a password in what was entered, where it cannot be taken out.</source>
        <translation>In der Eingabe steht ein Kennwort an einer Stelle, an der es nicht herausgenommen werden kann.</translation>
    </message>
    <message>
        <source>A password stands before the host, as in redis://user:password@host, and its letters / ? # @ : are written %2F %3F %23 %40 %3A. The key of a storage target has fields of its own.</source>
        <translation>Ein Kennwort steht vor dem Rechner, wie in redis://user:password@host, und seine Zeichen / ? # @ : werden %2F %3F %23 %40 %3A geschrieben. Der Schlüssel eines Speicherziels hat eigene Felder.</translation>
    </message>
    <message>
        <source>There is no device {name} in the settings.</source>
        <translation>In den Einstellungen gibt es kein Gerät {name}.</translation>
    </message>
    <message>
        <source>The variable {name} decides which devices there are.</source>
        <translation>Die Variable {name} bestimmt, welche Geräte es gibt.</translation>
    </message>
    <message>
        <source>The scan profiles in {path} cannot be read: {cause}.</source>
        <translation>Die Scanprofile in {path} können nicht gelesen werden: {cause}.</translation>
    </message>
    <message>
        <source>The scan profiles cannot be written to {path}: {cause}.</source>
        <translation>Die Scanprofile können nicht nach {path} geschrieben werden: {cause}.</translation>
    </message>
    <message>
        <source>The keyring refused: {cause}.</source>
        <translation>Der Schlüsselbund lehnt ab: {cause}.</translation>
    </message>
    <message>
        <source>The keyring did not keep what it was given.</source>
        <translation>Der Schlüsselbund hat nicht behalten, was er bekam.</translation>
    </message>
    <message>
        <source>No service that keeps secrets runs in this session.</source>
        <translation>In dieser Sitzung läuft kein Schlüsselbund.</translation>
    </message>
    <message>
        <source>The only keyring of this session writes secrets into a file that can be read.</source>
        <translation>Der einzige Schlüsselbund dieser Sitzung schreibt Geheimnisse lesbar in eine Datei.</translation>
    </message>
    <message>
        <source>The keyring has not answered within {count} seconds.</source>
        <translation>Der Schlüsselbund hat {count} Sekunden lang nicht geantwortet.</translation>
    </message>
    <message>
        <source>The keyring is locked.</source>
        <translation>Der Schlüsselbund ist gesperrt.</translation>
    </message>
    <message>
        <source>What the keyring holds for the storage target {name} was not written by Recto.</source>
        <translation>Was der Schlüsselbund für das Speicherziel {name} enthält, stammt nicht von Recto.</translation>
    </message>
    <message>
        <source>The keyring library is not installed.</source>
        <translation>Die Bibliothek für den Schlüsselbund ist nicht installiert.</translation>
    </message>
    <message>
        <source>The recorded master of page {page} is gone or altered: {path}.</source>
        <translation>Die Masterdatei von Seite {page} fehlt oder ist verändert: {path}.</translation>
    </message>
    <message>
        <source>The image of page {page} is gone: {path}.</source>
        <translation>Das Bild von Seite {page} fehlt: {path}.</translation>
    </message>
    <message>
        <source>Page {page} of {item} is next.</source>
        <translation>Seite {page} von {item} ist an der Reihe.</translation>
    </message>
    <message>
        <source>The manifest demands {demanded}; page {page} was delivered as {delivered}.</source>
        <translation>Das Manifest verlangt {demanded}; Seite {page} kam als {delivered}.</translation>
    </message>
    <message>
        <source>The manifest demands {demanded}; the scanner would give {delivered}.</source>
        <translation>Das Manifest verlangt {demanded}; der Scanner würde liefern: {delivered}.</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>gray</source>
        <translation>Graustufen</translation>
    </message>
    <message>
        <source>black &amp; white</source>
        <translation>schwarzweiß</translation>
    </message>
    <message>
        <source>{number} bit</source>
        <translation>{number} Bit</translation>
    </message>
    <message>
        <source>depth {number}</source>
        <translation>Farbtiefe {number}</translation>
    </message>
    <message>
        <source>mode {value}</source>
        <translation>Modus {value}</translation>
    </message>
    <message>
        <source>resolution {number}</source>
        <translation>Auflösung {number}</translation>
    </message>
    <message>
        <source>The capture was interrupted before page {page}; which sheet is next, only a person can see.</source>
        <translation>Die Aufnahme wurde vor Seite {page} unterbrochen; welches Blatt an der Reihe ist, sieht nur ein Mensch.</translation>
    </message>
    <message>
        <source>The feeder is empty, and page {page} is missing.</source>
        <translation>Der Vorlageneinzug ist leer, und Seite {page} fehlt.</translation>
    </message>
    <message>
        <source>The feeder is empty, and pages {page} to {last} are missing.</source>
        <translation>Der Vorlageneinzug ist leer, und die Seiten {page} bis {last} fehlen.</translation>
    </message>
    <message>
        <source>The scanner delivered nothing for page {page}.</source>
        <translation>Der Scanner lieferte für Seite {page} nichts.</translation>
    </message>
    <message>
        <source>There is no master of page {page} in the registry.</source>
        <translation>In der Datenbank gibt es keine Masterdatei von Seite {page}.</translation>
    </message>
    <message>
        <source>The master of page {page} is not whole: {finding}</source>
        <translation>Die Masterdatei von Seite {page} ist nicht unversehrt: {finding}</translation>
    </message>
    <message>
        <source>{count} of {other} images are gone: {value}.</source>
        <translation>{count} von {other} Bildern fehlen: {value}.</translation>
    </message>
    <message>
        <source>The disk of {path} has {count} MiB free; this item may need {other} MiB.</source>
        <translation>Der Datenträger von {path} hat {count} MiB frei; dieses Objekt braucht vielleicht {other} MiB.</translation>
    </message>
    <message>
        <source>Part {count} of {path} is not the one whose digest was recorded.</source>
        <translation>Teil {count} von {path} ist nicht der, dessen Prüfsumme festgehalten wurde.</translation>
    </message>
    <message>
        <source>{path} is not the file whose digest was recorded.</source>
        <translation>{path} ist nicht die Datei, deren Prüfsumme festgehalten wurde.</translation>
    </message>
    <message>
        <source>{path} does not hold the bytes that were stored there.</source>
        <translation>{path} enthält nicht das, was dort gespeichert wurde.</translation>
    </message>
    <message>
        <source>{path} does not hold the bytes that were sent.</source>
        <translation>{path} enthält nicht das, was gesendet wurde.</translation>
    </message>
    <message>
        <source>{path} gave back other bytes than were written.</source>
        <translation>{path} gab anderes zurück, als geschrieben wurde.</translation>
    </message>
    <message>
        <source>The storage has other bytes of part {count} of {path} than were sent.</source>
        <translation>Der Archivspeicher hat von Teil {count} von {path} anderes, als gesendet wurde.</translation>
    </message>
    <message>
        <source>No usable credentials for {path}: {cause}.</source>
        <translation>Keine verwendbaren Zugangsdaten für {path}: {cause}.</translation>
    </message>
    <message>
        <source>The address of the storage target is empty.</source>
        <translation>Die Adresse des Speicherziels ist leer.</translation>
    </message>
    <message>
        <source>{path} does not name a directory of this machine.</source>
        <translation>{path} benennt keinen Ordner dieses Rechners.</translation>
    </message>
    <message>
        <source>{path} is no address: {cause}.</source>
        <translation>{path} ist keine Adresse: {cause}.</translation>
    </message>
    <message>
        <source>No device has the id {value}.</source>
        <translation>Kein Gerät hat die Kennung {value}.</translation>
    </message>
    <message>
        <source>The device has no option named {name}.</source>
        <translation>Das Gerät hat keine Option {name}.</translation>
    </message>
    <message>
        <source>Option {name} cannot take {value}: {cause}.</source>
        <translation>Die Option {name} kann {value} nicht annehmen: {cause}.</translation>
    </message>
    <message>
        <source>Option {name} is inactive with the other settings, so it has no effect.</source>
        <translation>Die Option {name} ist mit den anderen Einstellungen nicht in Gebrauch und wirkt nicht.</translation>
    </message>
    <message>
        <source>Option {name} is read-only or set by hand at the device.</source>
        <translation>Die Option {name} ist nur lesbar oder wird am Gerät eingestellt.</translation>
    </message>
    <message>
        <source>The registry {value} refused: {cause}.</source>
        <translation>Die Datenbank {value} lehnt ab: {cause}.</translation>
    </message>
    <message>
        <source>The registry {value} cannot be opened: {cause}.</source>
        <translation>Die Datenbank {value} kann nicht geöffnet werden: {cause}.</translation>
    </message>
    <message>
        <source>The registry&apos;s address cannot be used: {cause}.</source>
        <translation>Die Adresse der Datenbank ist nicht verwendbar: {cause}.</translation>
    </message>
    <message>
        <source>The registry {value} has revision {other}, unknown to this Recto.</source>
        <translation>Die Datenbank {value} hat die Revision {other}, die dieses Recto nicht kennt.</translation>
    </message>
    <message>
        <source>The driver {name} for this kind of database is not installed.</source>
        <translation>Der Treiber {name} für diese Art von Datenbank ist nicht installiert.</translation>
    </message>
    <message>
        <source>The database cannot be used: {cause}.</source>
        <translation>Die Datenbank ist nicht verwendbar: {cause}.</translation>
    </message>
</context>
<context>
    <name>options</name>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>bit</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>mm</source>
        <translation>mm</translation>
    </message>
    <message>
        <source>dpi</source>
        <translation>dpi</translation>
    </message>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message>
        <source>µs</source>
        <translation>µs</translation>
    </message>
    <message>
        <source>yes or no</source>
        <translation>ja oder nein</translation>
    </message>
    <message>
        <source>whole number</source>
        <translation>ganze Zahl</translation>
    </message>
    <message>
        <source>number</source>
        <translation>Zahl</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>button</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>{count} numbers: {first} …</source>
        <translation>{count} Zahlen: {first} …</translation>
    </message>
    <message>
        <source>From {least} to {most} in steps of {step}</source>
        <translation>Von {least} bis {most} in Schritten von {step}</translation>
    </message>
    <message>
        <source>From {least} to {most}</source>
        <translation>Von {least} bis {most}</translation>
    </message>
    <message>
        <source>One of: {choices}</source>
        <translation>Eines von: {choices}</translation>
    </message>
    <message>
        <source>{count} of: {kind}</source>
        <translation>{count} × {kind}</translation>
    </message>
    <message>
        <source>not in use with these settings</source>
        <translation>mit diesen Einstellungen nicht in Gebrauch</translation>
    </message>
    <message>
        <source>set at the device</source>
        <translation>am Gerät eingestellt</translation>
    </message>
    <message>
        <source>only told</source>
        <translation>nur Anzeige</translation>
    </message>
    <message>
        <source>not told</source>
        <translation>nicht abfragbar</translation>
    </message>
    <message>
        <source>can be automatic</source>
        <translation>automatisch möglich</translation>
    </message>
    <message>
        <source>advanced</source>
        <translation>für Fortgeschrittene</translation>
    </message>
    <message>
        <source>Pressed</source>
        <translation>Ausgelöst</translation>
    </message>
    <message>
        <source>The device chooses: {value} now</source>
        <translation>Das Gerät wählt: jetzt {value}</translation>
    </message>
    <message>
        <source>Asked {asked}, got {got}</source>
        <translation>Verlangt {asked}, erhalten {got}</translation>
    </message>
    <message>
        <source>Set to {value}</source>
        <translation>Auf {value} gesetzt</translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Accepted</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Retake</source>
        <translation>Erneut</translation>
    </message>
    <message>
        <source>Arriving</source>
        <translation>Kommt</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlt</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Halt</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>page {label}</source>
        <translation>Seite {label}</translation>
    </message>
    <message>
        <source>page {label}, {state}</source>
        <translation>Seite {label}, {state}</translation>
    </message>
</context>
<context>
    <name>pedal</name>
    <message>
        <source>No pedal</source>
        <translation>Kein Pedal</translation>
    </message>
    <message>
        <source>Pedal off</source>
        <translation>Pedal aus</translation>
    </message>
    <message>
        <source>Pedal armed</source>
        <translation>Pedal bereit</translation>
    </message>
    <message>
        <source>Pedal rests</source>
        <translation>Pedal ruht</translation>
    </message>
</context>
<context>
    <name>problems</name>
    <message>
        <source>The manifest describes no item.</source>
        <translation>Das Manifest beschreibt kein Objekt.</translation>
    </message>
    <message>
        <source>Add one item for each thing to digitise.</source>
        <translation>Fügen Sie für alles, was zu digitalisieren ist, ein Objekt hinzu.</translation>
    </message>
    <message>
        <source>in row {row}</source>
        <translation>in Zeile {row}</translation>
    </message>
    <message>
        <source>in line {line}</source>
        <translation>in Zeile {line}</translation>
    </message>
    <message>
        <source>The manifest has {count} items where {most} are allowed.</source>
        <translation>Das Manifest hat {count} Objekte; erlaubt sind {most}.</translation>
    </message>
    <message>
        <source>Divide it into several manifests, each a batch.</source>
        <translation>Teilen Sie es in mehrere Manifeste, jedes ein Stapel.</translation>
    </message>
    <message>
        <source>The value {name} is missing.</source>
        <translation>Der Wert {name} fehlt.</translation>
    </message>
    <message>
        <source>Fill in {name}.</source>
        <translation>Tragen Sie {name} ein.</translation>
    </message>
    <message>
        <source>Correct the value.</source>
        <translation>Berichtigen Sie den Wert.</translation>
    </message>
    <message>
        <source>The id {value} is used already {where}.</source>
        <translation>Die Kennung {value} wird schon {where} verwendet.</translation>
    </message>
    <message>
        <source>Give each item an id of its own.</source>
        <translation>Geben Sie jedem Objekt eine eigene Kennung.</translation>
    </message>
    <message>
        <source>The id {value} differs from {other} {where} only in case or in the way accents are encoded; some systems take them for one.</source>
        <translation>Die Kennung {value} unterscheidet sich von {other} {where} nur in Groß- und Kleinschreibung oder in der Kodierung von Akzenten; manche Systeme halten beide für dieselbe.</translation>
    </message>
    <message>
        <source>Give the items ids that differ in more than that.</source>
        <translation>Geben Sie den Objekten Kennungen, die sich deutlicher unterscheiden.</translation>
    </message>
    <message>
        <source>The ids {value} and {other} would name the same bag.</source>
        <translation>Die Kennungen {value} und {other} würden dasselbe Paket benennen.</translation>
    </message>
    <message>
        <source>{expectation}, but there is {found}.</source>
        <translation>{expectation}, aber da steht {found}.</translation>
    </message>
    <message>
        <source>A whole number is expected here</source>
        <translation>Hier wird eine ganze Zahl erwartet</translation>
    </message>
    <message>
        <source>Text is expected here</source>
        <translation>Hier wird Text erwartet</translation>
    </message>
    <message>
        <source>A setting has one value</source>
        <translation>Eine Einstellung hat einen Wert</translation>
    </message>
    <message>
        <source>{name} must be a list of names with values</source>
        <translation>{name} muss eine Liste von Namen mit Werten sein</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>a mapping</source>
        <translation>eine Zuordnung</translation>
    </message>
    <message>
        <source>{expectation}; this is not.</source>
        <translation>{expectation}; dies ist keines.</translation>
    </message>
    <message>
        <source>A manifest is a mapping with id, institution and so on, and items</source>
        <translation>Ein Manifest ist eine Zuordnung mit id, institution und so weiter und mit items</translation>
    </message>
    <message>
        <source>items is a list</source>
        <translation>items ist eine Liste</translation>
    </message>
    <message>
        <source>An item is a mapping with id, title and so on</source>
        <translation>Ein Objekt ist eine Zuordnung mit id, title und so weiter</translation>
    </message>
    <message>
        <source>Compare it with the template.</source>
        <translation>Vergleichen Sie es mit der Vorlage.</translation>
    </message>
    <message>
        <source>The key {value} is not known here.</source>
        <translation>Der Schlüssel {value} ist hier nicht bekannt.</translation>
    </message>
    <message>
        <source>The key {value} is there already, in line {line}.</source>
        <translation>Den Schlüssel {value} gibt es schon, in Zeile {line}.</translation>
    </message>
    <message>
        <source>Keep one of them.</source>
        <translation>Behalten Sie einen davon.</translation>
    </message>
    <message>
        <source>{pages} pages are more than any bound volume has.</source>
        <translation>{pages} Seiten hat kein gebundener Band.</translation>
    </message>
    <message>
        <source>Check the number; divide the item where it is several volumes.</source>
        <translation>Prüfen Sie die Zahl; teilen Sie das Objekt, wenn es mehrere Bände sind.</translation>
    </message>
    <message>
        <source>The id {value} writes accented letters as letter and accent apart (not Unicode NFC).</source>
        <translation>Die Kennung {value} schreibt Buchstabe und Akzent getrennt (nicht Unicode NFC).</translation>
    </message>
    <message>
        <source>Type the accented letters anew; some systems will change the name otherwise.</source>
        <translation>Tippen Sie die Buchstaben mit Akzent neu; manche Systeme ändern den Namen sonst.</translation>
    </message>
    <message>
        <source>{value} is not a date that programs can read (EDTF).</source>
        <translation>{value} ist kein Datum, das Programme lesen können (EDTF).</translation>
    </message>
    <message>
        <source>Write {value}.</source>
        <translation>Schreiben Sie {value}.</translation>
    </message>
    <message>
        <source>Write 1915, 1915-03, 1915-03-02, 1915~ (about), 1915? (perhaps), 191X or 1914/1918.</source>
        <translation>Schreiben Sie 1915, 1915-03, 1915-03-02, 1915~ (etwa), 1915? (vielleicht), 191X oder 1914/1918.</translation>
    </message>
    <message>
        <source>The setting resolution is {value}, while resolution_dpi of the batch is {other}.</source>
        <translation>Die Einstellung resolution ist {value}, resolution_dpi des Stapels aber {other}.</translation>
    </message>
    <message>
        <source>Make them equal, unless these pages shall really be scanned at another resolution.</source>
        <translation>Gleichen Sie beide an, außer diese Seiten sollen wirklich mit anderer Auflösung gescannt werden.</translation>
    </message>
    <message>
        <source>Copy the file there, or correct the path.</source>
        <translation>Kopieren Sie die Datei dorthin oder berichtigen Sie den Pfad.</translation>
    </message>
    <message>
        <source>Did you mean {value}?</source>
        <translation>Meinten Sie {value}?</translation>
    </message>
    <message>
        <source>{value} is named already by {whose}.</source>
        <translation>{value} wird schon von {whose} genannt.</translation>
    </message>
    <message>
        <source>this item</source>
        <translation>diesem Objekt</translation>
    </message>
    <message>
        <source>another item</source>
        <translation>einem anderen Objekt</translation>
    </message>
    <message>
        <source>Take it out here if it is not meant to be there twice.</source>
        <translation>Nehmen Sie es hier heraus, wenn es nicht zweimal da sein soll.</translation>
    </message>
    <message>
        <source>{value} does not look like a page image.</source>
        <translation>{value} sieht nicht nach einem Seitenbild aus.</translation>
    </message>
    <message>
        <source>Make sure that the file is an image; page images end in .tif, .jpg, .png or .jp2.</source>
        <translation>Prüfen Sie, ob die Datei ein Bild ist; Seitenbilder enden auf .tif, .jpg, .png oder .jp2.</translation>
    </message>
    <message>
        <source>{value} leads out of the manifest&apos;s folder through a link.</source>
        <translation>{value} führt über einen Verweis aus dem Ordner des Manifests hinaus.</translation>
    </message>
    <message>
        <source>Put the file itself below the manifest&apos;s folder.</source>
        <translation>Legen Sie die Datei selbst in den Ordner des Manifests.</translation>
    </message>
    <message>
        <source>There is no file {value} in the manifest&apos;s folder ({cause}).</source>
        <translation>Eine Datei {value} gibt es im Ordner des Manifests nicht ({cause}).</translation>
    </message>
    <message>
        <source>Name each image file, in page order.</source>
        <translation>Nennen Sie jede Bilddatei in der Reihenfolge der Seiten.</translation>
    </message>
    <message>
        <source>{value} may not be read by this user.</source>
        <translation>{value} darf von Ihnen nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Give this user the right to read the file.</source>
        <translation>Lassen Sie sich das Leserecht für die Datei geben.</translation>
    </message>
    <message>
        <source>{value} is empty.</source>
        <translation>{value} ist leer.</translation>
    </message>
    <message>
        <source>Copy the file again from its source.</source>
        <translation>Kopieren Sie die Datei noch einmal von ihrer Quelle.</translation>
    </message>
    <message>
        <source>There is more text after the end of the document.</source>
        <translation>Nach dem Ende des Dokuments steht weiterer Text.</translation>
    </message>
    <message>
        <source>This is not JSON: {message} Here {found}.</source>
        <translation>Das ist kein JSON: {message} Hier {found}.</translation>
    </message>
    <message>
        <source>there is {value}</source>
        <translation>steht {value}</translation>
    </message>
    <message>
        <source>the line or the file ends</source>
        <translation>endet die Zeile oder die Datei</translation>
    </message>
    <message>
        <source>a value is expected.</source>
        <translation>Erwartet wird ein Wert.</translation>
    </message>
    <message>
        <source>a text is not closed on its line, or holds a wrong escape.</source>
        <translation>Ein Text ist in seiner Zeile nicht geschlossen oder enthält eine falsche Escape-Folge.</translation>
    </message>
    <message>
        <source>an escape stands for half a character (a lone surrogate).</source>
        <translation>Eine Escape-Folge steht für ein halbes Zeichen (einzelnes Surrogat).</translation>
    </message>
    <message>
        <source>a key in double quotes is expected.</source>
        <translation>Erwartet wird ein Schlüssel in doppelten Anführungszeichen.</translation>
    </message>
    <message>
        <source>a colon is expected after the key {value}.</source>
        <translation>Erwartet wird ein Doppelpunkt nach dem Schlüssel {value}.</translation>
    </message>
    <message>
        <source>a comma or {value} is expected.</source>
        <translation>Erwartet wird ein Komma oder {value}.</translation>
    </message>
    <message>
        <source>Correct the text here; look for a missing quotation mark, comma or bracket, or one comma too many.</source>
        <translation>Berichtigen Sie den Text hier; suchen Sie ein fehlendes Anführungszeichen, Komma oder eine Klammer, oder ein Komma zu viel.</translation>
    </message>
    <message>
        <source>Write ISO 639-3 codes or Tesseract model names joined by &apos;+&apos;, such as eng or deu+fra or Fraktur.</source>
        <translation>Schreiben Sie ISO-639-3-Codes oder Namen von Tesseract-Modellen, mit + verbunden, etwa eng oder deu+fra oder Fraktur.</translation>
    </message>
    <message>
        <source>{value} is not a language in a form Recto knows.</source>
        <translation>{value} ist keine Sprache in einer Form, die Recto kennt.</translation>
    </message>
    <message>
        <source>{value} is a bibliographic code of ISO 639-2; text recognition has no model of that name.</source>
        <translation>{value} ist ein bibliografischer Code aus ISO 639-2; die Texterkennung hat kein Modell dieses Namens.</translation>
    </message>
    <message>
        <source>{value} is neither an ISO 639 code nor a model that comes with Tesseract.</source>
        <translation>{value} ist weder ein Code aus ISO 639 noch ein Modell, das Tesseract mitbringt.</translation>
    </message>
    <message>
        <source>Make sure that the workers have a Tesseract model of that name, or write an ISO 639-3 code.</source>
        <translation>Stellen Sie sicher, dass die Verarbeitung ein Tesseract-Modell dieses Namens hat, oder schreiben Sie einen ISO-639-3-Code.</translation>
    </message>
    <message>
        <source>The item {value} is to be captured, but neither it nor the batch names a scanner_id.</source>
        <translation>Das Objekt {value} soll aufgenommen werden, aber weder es noch der Stapel nennt eine scanner_id.</translation>
    </message>
    <message>
        <source>Write a scanner_id for the batch, as `recto devices` lists it.</source>
        <translation>Schreiben Sie für den Stapel eine scanner_id, wie `recto devices` sie auflistet.</translation>
    </message>
    <message>
        <source>The item has both pages to capture and files that exist already.</source>
        <translation>Das Objekt hat sowohl Seiten zum Aufnehmen als auch vorhandene Dateien.</translation>
    </message>
    <message>
        <source>Keep pages for an item to be scanned, or file_paths for images that exist; make two items of it if needed.</source>
        <translation>Behalten Sie pages für ein zu scannendes Objekt oder file_paths für vorhandene Bilder; machen Sie bei Bedarf zwei Objekte daraus.</translation>
    </message>
    <message>
        <source>The item says neither how many pages to capture nor which files to take.</source>
        <translation>Das Objekt sagt weder, wie viele Seiten aufzunehmen sind, noch, welche Dateien gelten.</translation>
    </message>
    <message>
        <source>Fill in pages with the number of pages to scan, or file_paths with the images.</source>
        <translation>Tragen Sie in pages die Zahl der zu scannenden Seiten ein oder in file_paths die Bilder.</translation>
    </message>
    <message>
        <source>{value} holds the character {other}, which METS and PREMIS cannot carry.</source>
        <translation>{value} enthält das Zeichen {other}, das METS und PREMIS nicht aufnehmen können.</translation>
    </message>
    <message>
        <source>Delete the invisible character; typing the text anew is the surest way.</source>
        <translation>Löschen Sie das unsichtbare Zeichen; am sichersten tippen Sie den Text neu.</translation>
    </message>
    <message>
        <source>holds a control character</source>
        <translation>enthält ein Steuerzeichen</translation>
    </message>
    <message>
        <source>holds &apos;|&apos;, which separates paths in a cell</source>
        <translation>enthält „|“, das in einer Zelle Pfade trennt</translation>
    </message>
    <message>
        <source>has a part that begins with &apos;-&apos;</source>
        <translation>hat einen Teil, der mit „-“ beginnt</translation>
    </message>
    <message>
        <source>has a part of more than {count} bytes</source>
        <translation>hat einen Teil mit mehr als {count} Byte</translation>
    </message>
    <message>
        <source>{value} is a folder.</source>
        <translation>{value} ist ein Ordner.</translation>
    </message>
    <message>
        <source>{value} is no regular file.</source>
        <translation>{value} ist keine gewöhnliche Datei.</translation>
    </message>
    <message>
        <source>The id {value} cannot name a bag and its files: {reasons}.</source>
        <translation>Die Kennung {value} kann kein Paket und keine Dateien benennen: {reasons}.</translation>
    </message>
    <message>
        <source>it holds a control character</source>
        <translation>sie enthält ein Steuerzeichen</translation>
    </message>
    <message>
        <source>it is {count} bytes long where {most} are allowed</source>
        <translation>sie ist {count} Byte lang; erlaubt sind {most}</translation>
    </message>
    <message>
        <source>it holds {value}</source>
        <translation>sie enthält {value}</translation>
    </message>
    <message>
        <source>it holds the invisible character {value}</source>
        <translation>sie enthält das unsichtbare Zeichen {value}</translation>
    </message>
    <message>
        <source>it begins with &apos;-&apos;, which programs take for an option</source>
        <translation>sie beginnt mit „-“, was Programme für eine Option halten</translation>
    </message>
    <message>
        <source>it begins with &apos;.&apos;, which hides it</source>
        <translation>sie beginnt mit einem Punkt, der sie verbirgt</translation>
    </message>
    <message>
        <source>it ends with a dot or a space, which Windows drops</source>
        <translation>sie endet mit Punkt oder Leerzeichen, was Windows weglässt</translation>
    </message>
    <message>
        <source>it is a device name on Windows</source>
        <translation>sie ist unter Windows ein Gerätename</translation>
    </message>
    <message>
        <source>Use letters, digits, &apos;.&apos;, &apos;-&apos; and &apos;_&apos;, beginning with a letter or digit.</source>
        <translation>Verwenden Sie Buchstaben, Ziffern, Punkt, - und _, mit einem Buchstaben oder einer Ziffer am Anfang.</translation>
    </message>
    <message>
        <source>Known are: {value}.</source>
        <translation>Bekannt sind: {value}.</translation>
    </message>
    <message>
        <source>Lists and mappings are nested more than {count} levels deep.</source>
        <translation>Listen und Zuordnungen sind mehr als {count} Ebenen tief geschachtelt.</translation>
    </message>
    <message>
        <source>A manifest has four levels at most; take the inner ones out.</source>
        <translation>Ein Manifest hat höchstens vier Ebenen; nehmen Sie die inneren heraus.</translation>
    </message>
    <message>
        <source>{value} is no value that {profile} takes for the tag {name}.</source>
        <translation>{value} ist kein Wert, den {profile} für die Angabe {name} annimmt.</translation>
    </message>
    <message>
        <source>Write one of: {value}.</source>
        <translation>Schreiben Sie eines von: {value}.</translation>
    </message>
    <message>
        <source>{profile} takes no bag without the tag {name}.</source>
        <translation>{profile} nimmt kein Paket ohne die Angabe {name} an.</translation>
    </message>
    <message>
        <source>Give the batch, or each item, a value {name}.</source>
        <translation>Geben Sie dem Stapel oder jedem Objekt einen Wert {name}.</translation>
    </message>
    <message>
        <source>Fill in a template from `recto manifest template`.</source>
        <translation>Füllen Sie eine Vorlage von `recto manifest template` aus.</translation>
    </message>
    <message>
        <source>a ZIP archive or an XLSX workbook</source>
        <translation>ein ZIP-Archiv oder eine XLSX-Arbeitsmappe</translation>
    </message>
    <message>
        <source>no text in a known encoding</source>
        <translation>kein Text in einer bekannten Kodierung</translation>
    </message>
    <message>
        <source>The file is {kind}, not text.</source>
        <translation>Die Datei ist {kind}.</translation>
    </message>
    <message>
        <source>Name a workbook .xlsx; save text as UTF-8.</source>
        <translation>Geben Sie einer Arbeitsmappe die Endung .xlsx; speichern Sie Text als UTF-8.</translation>
    </message>
    <message>
        <source>{value} does not end in the name of a format that manifests have.</source>
        <translation>{value} hat keine Endung, die ein Manifest haben kann.</translation>
    </message>
    <message>
        <source>Save it as one of {value}.</source>
        <translation>Speichern Sie mit einer dieser Endungen: {value}.</translation>
    </message>
    <message>
        <source>The file is bigger than {count} MiB, which no manifest is.</source>
        <translation>Die Datei ist größer als {count} MiB; so groß ist kein Manifest.</translation>
    </message>
    <message>
        <source>Make sure that this is the manifest, and divide it into several batches if it is.</source>
        <translation>Prüfen Sie, ob dies das Manifest ist, und teilen Sie es dann in mehrere Stapel.</translation>
    </message>
    <message>
        <source>The file is not in UTF-8; it was read as Windows-1252.</source>
        <translation>Die Datei ist nicht in UTF-8; sie wurde als Windows-1252 gelesen.</translation>
    </message>
    <message>
        <source>Look whether accented letters are right; save the file as CSV UTF-8 to be sure.</source>
        <translation>Sehen Sie nach, ob Umlaute und Akzente stimmen; sicher ist es, als CSV UTF-8 zu speichern.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>{value} is not a colour profile Recto knows.</source>
        <translation>{value} ist kein Farbprofil, das Recto kennt.</translation>
    </message>
    <message>
        <source>{value} is not a device id.</source>
        <translation>{value} ist keine Gerätekennung.</translation>
    </message>
    <message>
        <source>Write an id as `recto devices` lists it, such as sane:test:0 or simulated:flatbed.</source>
        <translation>Schreiben Sie eine Kennung, wie `recto devices` sie auflistet, etwa sane:test:0 oder simulated:flatbed.</translation>
    </message>
    <message>
        <source>The value is empty.</source>
        <translation>Der Wert ist leer.</translation>
    </message>
    <message>
        <source>Fill it in.</source>
        <translation>Tragen Sie ihn ein.</translation>
    </message>
    <message>
        <source>The text {value} has {count} characters where {most} are allowed.</source>
        <translation>Der Text {value} hat {count} Zeichen; erlaubt sind {most}.</translation>
    </message>
    <message>
        <source>Shorten it, or put the long text into a file of its own.</source>
        <translation>Kürzen Sie ihn oder legen Sie den langen Text in eine eigene Datei.</translation>
    </message>
    <message>
        <source>{value} holds a line end or a tab.</source>
        <translation>{value} enthält ein Zeilenende oder einen Tabulator.</translation>
    </message>
    <message>
        <source>Write the value on one line.</source>
        <translation>Schreiben Sie den Wert in eine Zeile.</translation>
    </message>
    <message>
        <source>No scanner delivers {value} dots per inch.</source>
        <translation>Kein Scanner liefert {value} dpi.</translation>
    </message>
    <message>
        <source>Write a whole number from {least} to {most}, such as 300 or 400.</source>
        <translation>Schreiben Sie eine ganze Zahl von {least} bis {most}, etwa 300 oder 400.</translation>
    </message>
    <message>
        <source>An item cannot have {value} pages.</source>
        <translation>Ein Objekt kann nicht {value} Seiten haben.</translation>
    </message>
    <message>
        <source>Write the number of pages to capture, from 1 to {most}.</source>
        <translation>Schreiben Sie die Zahl der aufzunehmenden Seiten, von 1 bis {most}.</translation>
    </message>
    <message>
        <source>{value} cannot be the name of a scanner setting.</source>
        <translation>{value} kann nicht der Name einer Scannereinstellung sein.</translation>
    </message>
    <message>
        <source>Write an option name as `recto options DEVICE` lists it.</source>
        <translation>Schreiben Sie einen Optionsnamen, wie `recto options DEVICE` ihn auflistet.</translation>
    </message>
    <message>
        <source>{value} is no value for the setting {name}.</source>
        <translation>{value} ist kein Wert für die Einstellung {name}.</translation>
    </message>
    <message>
        <source>Write a number.</source>
        <translation>Schreiben Sie eine Zahl.</translation>
    </message>
    <message>
        <source>{value} cannot be the name of a tag.</source>
        <translation>{value} kann nicht der Name einer Angabe sein.</translation>
    </message>
    <message>
        <source>Write a name without colon and line end, such as Access or Storage-Option.</source>
        <translation>Schreiben Sie einen Namen ohne Doppelpunkt und Zeilenende, etwa Access oder Storage-Option.</translation>
    </message>
    <message>
        <source>Recto computes the tag {name} itself.</source>
        <translation>Die Angabe {name} berechnet Recto selbst.</translation>
    </message>
    <message>
        <source>Leave this tag out.</source>
        <translation>Lassen Sie diese Angabe weg.</translation>
    </message>
    <message>
        <source>{value} is neither the name of a storage target nor a URL.</source>
        <translation>{value} ist weder der Name eines Speicherziels noch eine URL.</translation>
    </message>
    <message>
        <source>Write a name from the settings, or a URL such as s3://bucket/prefix.</source>
        <translation>Schreiben Sie einen Namen aus den Einstellungen oder eine URL wie s3://bucket/prefix.</translation>
    </message>
    <message>
        <source>{value} is not a URL.</source>
        <translation>{value} ist keine URL.</translation>
    </message>
    <message>
        <source>Write a URL such as s3://bucket/prefix.</source>
        <translation>Schreiben Sie eine URL wie s3://bucket/prefix.</translation>
    </message>
    <message>
        <source>A storage URL in this manifest carries a user name or a secret.</source>
        <translation>Eine Speicher-URL in diesem Manifest enthält einen Benutzernamen oder ein Geheimnis.</translation>
    </message>
    <message>
        <source>Take it out of the manifest; keep credentials in the environment or the keyring.</source>
        <translation>Nehmen Sie es aus dem Manifest; Zugangsdaten gehören in die Umgebung oder den Schlüsselbund.</translation>
    </message>
    <message>
        <source>{value} is an absolute path.</source>
        <translation>{value} ist ein absoluter Pfad.</translation>
    </message>
    <message>
        <source>Put the files below the manifest&apos;s folder and write the path from there.</source>
        <translation>Legen Sie die Dateien in den Ordner des Manifests und schreiben Sie den Pfad von dort aus.</translation>
    </message>
    <message>
        <source>{value} is written with backslashes.</source>
        <translation>{value} ist mit umgekehrten Schrägstrichen geschrieben.</translation>
    </message>
    <message>
        <source>{value} leaves the manifest&apos;s folder.</source>
        <translation>{value} verlässt den Ordner des Manifests.</translation>
    </message>
    <message>
        <source>Put the files below the manifest&apos;s folder and write the path without &apos;..&apos;.</source>
        <translation>Legen Sie die Dateien in den Ordner des Manifests und schreiben Sie den Pfad ohne zwei Punkte.</translation>
    </message>
    <message>
        <source>An address in this manifest carries a password, a token or a signature.</source>
        <translation>Eine Adresse in diesem Manifest enthält ein Kennwort, ein Token oder eine Signatur.</translation>
    </message>
    <message>
        <source>Take it out of the manifest; keep passwords in the keyring.</source>
        <translation>Nehmen Sie es aus dem Manifest; Kennwörter gehören in den Schlüsselbund.</translation>
    </message>
    <message>
        <source>What stands behind the # of {value} is neither a digest nor a size.</source>
        <translation>Was hinter dem # von {value} steht, ist weder eine Prüfsumme noch eine Größe.</translation>
    </message>
    <message>
        <source>Write #sha256= or #md5= with the digest, and &amp;size= with the number of bytes, or leave it out.</source>
        <translation>Schreiben Sie #sha256= oder #md5= mit der Prüfsumme und &amp;size= mit der Zahl der Bytes, oder lassen Sie es weg.</translation>
    </message>
    <message>
        <source>{value} is no address that a file can be fetched from.</source>
        <translation>{value} ist keine Adresse, von der eine Datei geholt werden kann.</translation>
    </message>
    <message>
        <source>Write an address such as https://host/0001.tif, s3://bucket/0001.tif or sftp://user@host/0001.tif, with %20 in place of a space.</source>
        <translation>Schreiben Sie eine Adresse wie https://host/0001.tif, s3://bucket/0001.tif oder sftp://user@host/0001.tif, mit %20 statt eines Leerzeichens.</translation>
    </message>
    <message>
        <source>{value} is beyond what the setting {name} can hold.</source>
        <translation>{value} übersteigt, was die Einstellung {name} fassen kann.</translation>
    </message>
    <message>
        <source>Write a number that the scanner can take.</source>
        <translation>Schreiben Sie eine Zahl, die der Scanner annimmt.</translation>
    </message>
    <message>
        <source>The tag {value} is there twice.</source>
        <translation>Die Angabe {value} ist zweimal da.</translation>
    </message>
    <message>
        <source>The path {value} {reason}.</source>
        <translation>Der Pfad {value} {reason}.</translation>
    </message>
    <message>
        <source>Rename the file, and write the new name here.</source>
        <translation>Benennen Sie die Datei um und schreiben Sie den neuen Namen hierher.</translation>
    </message>
    <message>
        <source>The row cannot be divided into cells ({reason}).</source>
        <translation>Die Zeile lässt sich nicht in Zellen teilen ({reason}).</translation>
    </message>
    <message>
        <source>Put a cell with quotation marks into quotation marks as a whole, and write those inside it twice.</source>
        <translation>Setzen Sie eine Zelle mit Anführungszeichen ganz in Anführungszeichen und verdoppeln Sie die inneren.</translation>
    </message>
    <message>
        <source>A quotation mark opened in this row is never closed, so that all rows after it are lost in one cell.</source>
        <translation>Ein Anführungszeichen in dieser Zeile wird nie geschlossen; alle Zeilen danach verschwinden in einer Zelle.</translation>
    </message>
    <message>
        <source>Close it, or write a quotation mark that belongs to the text twice.</source>
        <translation>Schließen Sie es oder verdoppeln Sie ein Anführungszeichen, das zum Text gehört.</translation>
    </message>
    <message>
        <source>A cell of this row is longer than any cell may be.</source>
        <translation>Eine Zelle dieser Zeile ist länger als erlaubt.</translation>
    </message>
    <message>
        <source>Look for a quotation mark that is not closed; divide a long list of files over several file_paths columns.</source>
        <translation>Suchen Sie ein nicht geschlossenes Anführungszeichen; verteilen Sie eine lange Dateiliste auf mehrere Spalten file_paths.</translation>
    </message>
    <message>
        <source>{value} is a number with a decimal comma.</source>
        <translation>{value} ist eine Zahl mit Dezimalkomma.</translation>
    </message>
    <message>
        <source>Write {value}, or put it in double quotes where text is meant.</source>
        <translation>Schreiben Sie {value}, oder setzen Sie doppelte Anführungszeichen, wenn Text gemeint ist.</translation>
    </message>
    <message>
        <source>No row of the sheet heads a table of items.</source>
        <translation>In der Tabelle gibt es keine Kopfzeile für Objekte.</translation>
    </message>
    <message>
        <source>Write a row with the column names id, title, pages and so on above the items; see `recto manifest template`.</source>
        <translation>Schreiben Sie über die Objekte eine Zeile mit den Spaltennamen id, title, pages und so weiter; siehe `recto manifest template`.</translation>
    </message>
    <message>
        <source>The cell holds a formula; a manifest takes values only.</source>
        <translation>Die Zelle enthält eine Formel; ein Manifest nimmt nur Werte.</translation>
    </message>
    <message>
        <source>Copy the column and paste it as values.</source>
        <translation>Kopieren Sie die Spalte und fügen Sie sie als Werte ein.</translation>
    </message>
    <message>
        <source>The cell holds an error of the spreadsheet, such as #REF! or #N/A.</source>
        <translation>Die Zelle enthält einen Fehler der Tabelle, etwa #BEZUG! oder #NV.</translation>
    </message>
    <message>
        <source>Correct the cell, and write the value itself.</source>
        <translation>Berichtigen Sie die Zelle und schreiben Sie den Wert selbst.</translation>
    </message>
    <message>
        <source>The sheet is empty.</source>
        <translation>Die Tabelle ist leer.</translation>
    </message>
    <message>
        <source>The spreadsheet holds the date {value} in a column for {name}.</source>
        <translation>Die Tabelle enthält das Datum {value} in einer Spalte für {name}.</translation>
    </message>
    <message>
        <source>Format the cell as text and type the value again.</source>
        <translation>Formatieren Sie die Zelle als Text und tippen Sie den Wert neu.</translation>
    </message>
    <message>
        <source>{value} is not a value of the batch.</source>
        <translation>{value} ist kein Wert des Stapels.</translation>
    </message>
    <message>
        <source>{sentence} Begin the row with &apos;#&apos; to make it a remark.</source>
        <translation>{sentence} Soll die Zeile eine Bemerkung sein, beginnen Sie sie mit #.</translation>
    </message>
    <message>
        <source>The value {value} is outside of the two columns for batch values.</source>
        <translation>Der Wert {value} steht außerhalb der zwei Spalten für Werte des Stapels.</translation>
    </message>
    <message>
        <source>Write the name of the value into column A and the value into column B.</source>
        <translation>Schreiben Sie den Namen des Werts in Spalte A und den Wert in Spalte B.</translation>
    </message>
    <message>
        <source>The column {value} is not known.</source>
        <translation>Die Spalte {value} ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The table of items has no column {name}.</source>
        <translation>Der Tabelle der Objekte fehlt die Spalte {name}.</translation>
    </message>
    <message>
        <source>Add the column {name} and fill it in for every item.</source>
        <translation>Fügen Sie die Spalte {name} hinzu und füllen Sie sie für jedes Objekt aus.</translation>
    </message>
    <message>
        <source>{name} of the batch is {value} here, but {other} in {place}.</source>
        <translation>{name} des Stapels ist hier {value}, in {place} aber {other}.</translation>
    </message>
    <message>
        <source>Write the same value in every row, or once above the table.</source>
        <translation>Schreiben Sie in jede Zeile denselben Wert oder einmal über die Tabelle.</translation>
    </message>
    <message>
        <source>The column {value} is there already, as column {other}.</source>
        <translation>Die Spalte {value} gibt es schon, als Spalte {other}.</translation>
    </message>
    <message>
        <source>The value {value} stands in a column without a name.</source>
        <translation>Der Wert {value} steht in einer Spalte ohne Namen.</translation>
    </message>
    <message>
        <source>Name the column in the header, or clear it; a stray separator shifts all cells after it.</source>
        <translation>Benennen Sie die Spalte in der Kopfzeile oder leeren Sie sie; ein verirrtes Trennzeichen verschiebt alle Zellen danach.</translation>
    </message>
    <message>
        <source>There is a batch {value} already, made from {other}.</source>
        <translation>Den Stapel {value} gibt es schon, aus {other}.</translation>
    </message>
    <message>
        <source>Go on with that batch, or give this one another id.</source>
        <translation>Arbeiten Sie mit jenem Stapel weiter oder geben Sie diesem eine andere Kennung.</translation>
    </message>
    <message>
        <source>There is no pipeline {value}.</source>
        <translation>Die Pipeline {value} gibt es nicht.</translation>
    </message>
    <message>
        <source>The pipeline {path} cannot be used. Line {line}: {reason}.</source>
        <translation>Der Ablauf {path} ist nicht verwendbar. Zeile {line}: {reason}.</translation>
    </message>
    <message>
        <source>See all problems with: recto pipeline check {path}</source>
        <translation>Alle Probleme zeigt: recto pipeline check {path}</translation>
    </message>
    <message>
        <source>The pipeline in {path} calls itself {name}.</source>
        <translation>Der Ablauf in {path} nennt sich {name}.</translation>
    </message>
    <message>
        <source>Name the file {name}, or write in it: name: {value}</source>
        <translation>Nennen Sie die Datei {name}, oder schreiben Sie hinein: name: {value}</translation>
    </message>
    <message>
        <source>Put the pipeline beside the manifest, or into the folder that the settings name.</source>
        <translation>Legen Sie den Ablauf neben das Manifest oder in den Ordner, den die Einstellungen nennen.</translation>
    </message>
    <message>
        <source>The pipeline {name} captures nothing, and {count} items name no files, such as {value}.</source>
        <translation>Der Ablauf {name} nimmt nichts auf, und {count} Objekte nennen keine Dateien, etwa {value}.</translation>
    </message>
    <message>
        <source>The pipeline {name} takes pages in any order, as existing files may come, and {count} items are to be scanned, such as {value}.</source>
        <translation>Der Ablauf {name} nimmt Seiten in beliebiger Reihenfolge, wie vorhandene Dateien kommen dürfen, und {count} Objekte sind zu scannen, etwa {value}.</translation>
    </message>
    <message>
        <source>Choose another pipeline, or write in_order: true for its stage capture.</source>
        <translation>Wählen Sie einen anderen Ablauf, oder schreiben Sie in_order: true bei seinem Schritt capture.</translation>
    </message>
    <message>
        <source>Name the files of each item under file_paths, or choose a pipeline with a stage capture.</source>
        <translation>Nennen Sie die Dateien jedes Objekts unter file_paths, oder wählen Sie einen Ablauf mit einem Schritt capture.</translation>
    </message>
    <message>
        <source>The pipeline {name} sends bags to {value}, which this station does not have.</source>
        <translation>Der Ablauf {name} sendet Pakete an {value}, das diese Station nicht hat.</translation>
    </message>
    <message>
        <source>Name the storage target in the settings, or change `targets` of the stage upload.</source>
        <translation>Nennen Sie das Speicherziel in den Einstellungen, oder ändern Sie `targets` des Schritts upload.</translation>
    </message>
    <message>
        <source>This station has no storage target {value}.</source>
        <translation>Diese Station hat kein Speicherziel {value}.</translation>
    </message>
    <message>
        <source>This is not an XLSX workbook that can be read: {reason}.</source>
        <translation>Das ist keine lesbare XLSX-Arbeitsmappe: {reason}.</translation>
    </message>
    <message>
        <source>Open it in the spreadsheet program and save it as Excel workbook (.xlsx) without a password, or as CSV.</source>
        <translation>Öffnen Sie sie im Tabellenprogramm und speichern Sie sie als Excel-Arbeitsmappe (.xlsx) ohne Kennwort oder als CSV.</translation>
    </message>
    <message>
        <source>its parts cannot be read: {cause}</source>
        <translation>Ihre Teile sind nicht lesbar: {cause}</translation>
    </message>
    <message>
        <source>its parts do not fit together: {cause}</source>
        <translation>Ihre Teile passen nicht zusammen: {cause}</translation>
    </message>
    <message>
        <source>it is packed in a way that cannot be read: {cause}</source>
        <translation>Sie ist auf nicht lesbare Art gepackt: {cause}</translation>
    </message>
    <message>
        <source>it is an old .xls workbook, or one locked with a password</source>
        <translation>Sie ist eine alte .xls-Arbeitsmappe oder mit einem Kennwort gesperrt</translation>
    </message>
    <message>
        <source>it unpacks to more than {count} MiB</source>
        <translation>Sie ist entpackt größer als {count} MiB</translation>
    </message>
    <message>
        <source>it is locked with a password</source>
        <translation>Sie ist mit einem Kennwort gesperrt</translation>
    </message>
    <message>
        <source>its sheet has more cells than any manifest</source>
        <translation>Ihre Tabelle hat mehr Zellen als jedes Manifest</translation>
    </message>
    <message>
        <source>it has no visible sheet</source>
        <translation>Sie hat keine sichtbare Tabelle</translation>
    </message>
    <message>
        <source>Only the sheet {value} was read, not {other}.</source>
        <translation>Nur das Blatt {value} wurde gelesen, nicht {other}.</translation>
    </message>
    <message>
        <source>Name the sheet that holds the manifest Manifest, and keep one manifest a workbook.</source>
        <translation>Nennen Sie das Blatt mit dem Manifest „Manifest“ und behalten Sie je Arbeitsmappe ein Manifest.</translation>
    </message>
    <message>
        <source>This is not YAML: {cause}.</source>
        <translation>Das ist kein YAML: {cause}.</translation>
    </message>
    <message>
        <source>Correct the text here or just before; look at the indentation (spaces only), colons and quotation marks.</source>
        <translation>Berichtigen Sie den Text hier oder kurz davor; achten Sie auf Einrückung (nur Leerzeichen), Doppelpunkte und Anführungszeichen.</translation>
    </message>
    <message>
        <source>The document holds {what}, which manifests do not use.</source>
        <translation>Das Dokument enthält {what}; Manifeste verwenden das nicht.</translation>
    </message>
    <message>
        <source>the alias {value}</source>
        <translation>den Alias {value}</translation>
    </message>
    <message>
        <source>the tag {value}</source>
        <translation>das Tag {value}</translation>
    </message>
    <message>
        <source>a key that is not a word</source>
        <translation>einen Schlüssel, der kein Wort ist</translation>
    </message>
    <message>
        <source>a second document</source>
        <translation>ein zweites Dokument</translation>
    </message>
    <message>
        <source>Write the value out where it is used.</source>
        <translation>Schreiben Sie den Wert dort aus, wo er gebraucht wird.</translation>
    </message>
    <message>
        <source>Write the value without a tag.</source>
        <translation>Schreiben Sie den Wert ohne Tag.</translation>
    </message>
    <message>
        <source>Write a word before the colon.</source>
        <translation>Schreiben Sie vor den Doppelpunkt ein Wort.</translation>
    </message>
    <message>
        <source>Keep one manifest a file.</source>
        <translation>Behalten Sie je Datei ein Manifest.</translation>
    </message>
</context>
<context>
    <name>profiles</name>
    <message>
        <source>APTrust 2.3</source>
        <translation>APTrust 2.3</translation>
    </message>
    <message>
        <source>BagIt 1.0 without a profile</source>
        <translation>BagIt 1.0 ohne Profil</translation>
    </message>
    <message>
        <source>Beyond the Repository 1.0</source>
        <translation>Beyond the Repository 1.0</translation>
    </message>
    <message>
        <source>&quot;2 of 5&quot; where one object takes several bags.</source>
        <translation>„2 of 5“, wenn ein Objekt mehrere Pakete braucht.</translation>
    </message>
    <message>
        <source>A description for your own use.</source>
        <translation>Eine Beschreibung für Ihren eigenen Gebrauch.</translation>
    </message>
    <message>
        <source>Set by Recto.</source>
        <translation>Setzt Recto.</translation>
    </message>
    <message>
        <source>The description shown in APTrust&apos;s registry.</source>
        <translation>Die Beschreibung im Verzeichnis von APTrust.</translation>
    </message>
    <message>
        <source>The organisation that answers for the content.</source>
        <translation>Die Einrichtung, die für den Inhalt verantwortlich ist.</translation>
    </message>
    <message>
        <source>The organisation that made this bag or answers for its content.</source>
        <translation>Die Einrichtung, die das Paket erstellt hat oder für seinen Inhalt verantwortlich ist.</translation>
    </message>
    <message>
        <source>The title of what is in the bag.</source>
        <translation>Der Titel dessen, was im Paket ist.</translation>
    </message>
    <message>
        <source>What several bags share that belong together.</source>
        <translation>Was mehrere zusammengehörige Pakete verbindet.</translation>
    </message>
    <message>
        <source>Where APTrust keeps the bag. Standard is two copies in two regions with regular fixity checks.</source>
        <translation>Wo APTrust das Paket aufbewahrt. Standard sind zwei Kopien in zwei Regionen mit regelmäßiger Integritätsprüfung.</translation>
    </message>
    <message>
        <source>Who made the bag, where that is not the source organisation.</source>
        <translation>Wer das Paket erstellt hat, wenn nicht die verantwortliche Einrichtung.</translation>
    </message>
    <message>
        <source>Who may see in APTrust&apos;s registry that this bag exists. Consortia is deprecated and means Institution.</source>
        <translation>Wer im Verzeichnis von APTrust sehen darf, dass es dieses Paket gibt. Consortia ist veraltet und bedeutet Institution.</translation>
    </message>
    <message>
        <source>Your own identifier of this bag.</source>
        <translation>Ihre eigene Kennung dieses Pakets.</translation>
    </message>
</context>
<context>
    <name>quality</name>
    <message>
        <source>Skew</source>
        <translation>Schräglage</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>Fokus</translation>
    </message>
    <message>
        <source>Clipping</source>
        <translation>Tonwerte</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Foreign object</source>
        <translation>Fremdkörper</translation>
    </message>
    <message>
        <source>File unchanged</source>
        <translation>Datei unverändert</translation>
    </message>
    <message>
        <source>Image opens whole</source>
        <translation>Bild öffnet ganz</translation>
    </message>
    <message>
        <source>Image data undamaged</source>
        <translation>Bilddaten unbeschädigt</translation>
    </message>
    <message>
        <source>Name fits the format</source>
        <translation>Name passt zum Format</translation>
    </message>
    <message>
        <source>Image is complete</source>
        <translation>Bild ist vollständig</translation>
    </message>
    <message>
        <source>One image in the file</source>
        <translation>Ein Bild in der Datei</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Colour profile</source>
        <translation>Farbprofil</translation>
    </message>
    <message>
        <source>Tags of the file</source>
        <translation>Tags der Datei</translation>
    </message>
    <message>
        <source>Share of the sheet</source>
        <translation>Anteil des Blatts</translation>
    </message>
    <message>
        <source>Something on the page</source>
        <translation>Etwas auf der Seite</translation>
    </message>
    <message>
        <source>Blown highlights</source>
        <translation>Ausgefressene Lichter</translation>
    </message>
    <message>
        <source>Blocked shadows</source>
        <translation>Zugelaufene Schatten</translation>
    </message>
    <message>
        <source>Streaks</source>
        <translation>Streifen</translation>
    </message>
    <message>
        <source>Paper white</source>
        <translation>Papierweiß</translation>
    </message>
    <message>
        <source>Even light</source>
        <translation>Gleichmäßiges Licht</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Scanned once</source>
        <translation>Nur einmal gescannt</translation>
    </message>
    <message>
        <source>As free of noise as its neighbours</source>
        <translation>So rauscharm wie die Nachbarn</translation>
    </message>
    <message>
        <source>Same resolution both ways</source>
        <translation>Gleiche Auflösung in beiden Richtungen</translation>
    </message>
    <message>
        <source>Size of the sheet</source>
        <translation>Größe des Blattes</translation>
    </message>
    <message>
        <source>Text inside the image</source>
        <translation>Text ganz im Bild</translation>
    </message>
    <message>
        <source>Order by printed numbers</source>
        <translation>Reihenfolge nach gedruckten Zahlen</translation>
    </message>
    <message>
        <source>As sharp as its neighbours</source>
        <translation>So scharf wie die Nachbarn</translation>
    </message>
    <message>
        <source>Text read surely</source>
        <translation>Text sicher gelesen</translation>
    </message>
    <message>
        <source>Unsure words</source>
        <translation>Unsichere Wörter</translation>
    </message>
    <message>
        <source>Text upright</source>
        <translation>Text aufrecht</translation>
    </message>
    <message>
        <source>As many pages as announced</source>
        <translation>So viele Seiten wie angekündigt</translation>
    </message>
    <message>
        <source>Good to exiftool</source>
        <translation>Gut für exiftool</translation>
    </message>
    <message>
        <source>Good to jpylyzer</source>
        <translation>Gut für jpylyzer</translation>
    </message>
    <message>
        <source>Good to checkit_tiff</source>
        <translation>Gut für checkit_tiff</translation>
    </message>
    <message>
        <source>JPEG 2000 image valid</source>
        <translation>JPEG-2000-Bild gültig</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Zurückgehalten</translation>
    </message>
    <message>
        <source>Retake</source>
        <translation>Neuaufnahme</translation>
    </message>
    <message>
        <source>To look at</source>
        <translation>Anzusehen</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>No page yet</source>
        <translation>Noch keine Seite</translation>
    </message>
    <message>
        <source>Needs a look</source>
        <translation>Braucht einen Blick</translation>
    </message>
    <message>
        <source>All pages</source>
        <translation>Alle Seiten</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Capture this page again</source>
        <translation>Diese Seite erneut aufnehmen</translation>
    </message>
    <message>
        <source>Put page {label} ({name}) in place.</source>
        <translation>Legen Sie Seite {label} ({name}) auf.</translation>
    </message>
    <message>
        <source>The old image is kept aside. The item goes on by itself with the new one, which is checked again.</source>
        <translation>Das alte Bild wird beiseitegelegt. Das Objekt geht von selbst mit dem neuen weiter, das noch einmal geprüft wird.</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Aufnehmen</translation>
    </message>
</context>
<context>
    <name>report</name>
    <message>
        <source>Save a report about a problem</source>
        <translation>Problembericht speichern</translation>
    </message>
    <message>
        <source>Reports (*.zip)</source>
        <translation>Berichte (*.zip)</translation>
    </message>
    <message>
        <source>The report lies in {file}.</source>
        <translation>Der Bericht liegt in {file}.</translation>
    </message>
</context>
<context>
    <name>screen</name>
    <message>
        <source>A sound tells of each page</source>
        <translation>Ein Ton meldet jede Seite</translation>
    </message>
    <message>
        <source>Pages come without a sound</source>
        <translation>Seiten kommen ohne Ton</translation>
    </message>
    <message>
        <source>No scan profile is on {key}</source>
        <translation>Auf {key} liegt kein Scanprofil</translation>
    </message>
    <message>
        <source>Scan profile {name}</source>
        <translation>Scanprofil {name}</translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Name of this station; its scanners are served by the queue capture.NAME</source>
        <translation>Name dieser Station; ihre Scanner bedient die Warteschlange capture.NAME</translation>
    </message>
    <message>
        <source>Who works here; named as agent in events and in PREMIS</source>
        <translation>Wer hier arbeitet; steht als Agent in Ereignissen und in PREMIS</translation>
    </message>
    <message>
        <source>Redis or RabbitMQ; a private server when left out</source>
        <translation>Redis oder RabbitMQ; ohne Angabe ein eigener Server</translation>
    </message>
    <message>
        <source>Where chord results go; the broker when it is Redis</source>
        <translation>Wohin Chord-Ergebnisse gehen; zum Broker, wenn er Redis ist</translation>
    </message>
    <message>
        <source>Who vouches for broker and results over TLS: certificates in PEM; the system&apos;s own when left out</source>
        <translation>Wer bei TLS für Broker und Ergebnisse bürgt: Zertifikate in PEM; ohne Angabe die des Systems</translation>
    </message>
    <message>
        <source>SQLite in the state directory when left out</source>
        <translation>Ohne Angabe SQLite im Statusverzeichnis</translation>
    </message>
    <message>
        <source>Whose passwords are in the user&apos;s keyring: broker, results, database</source>
        <translation>Wessen Kennwörter im Schlüsselbund liegen: Broker, Ergebnisse, Datenbank</translation>
    </message>
    <message>
        <source>Batches: masters, derivatives and bags</source>
        <translation>Stapel: Masterdateien, Derivate und Pakete</translation>
    </message>
    <message>
        <source>Registry, private broker, signing keys and logs</source>
        <translation>Datenbank, eigener Broker, Signaturschlüssel und Protokolle</translation>
    </message>
    <message>
        <source>Storage targets by name, see below; a local folder when none is named</source>
        <translation>Speicherziele mit Namen, siehe unten; ohne Angabe ein lokaler Ordner</translation>
    </message>
    <message>
        <source>What workers write to their logs</source>
        <translation>Was die Arbeitsprozesse in ihre Protokolle schreiben</translation>
    </message>
    <message>
        <source>Whether to look for SANE devices</source>
        <translation>Ob nach SANE-Geräten gesucht wird</translation>
    </message>
    <message>
        <source>Only these SANE backends; the system&apos;s own configuration when left out</source>
        <translation>Nur diese SANE-Treiber; ohne Angabe gilt die Konfiguration des Systems</translation>
    </message>
    <message>
        <source>Hosts that run saned, asked whatever `sane_backends` says; those of the system&apos;s net.conf when left out</source>
        <translation>Rechner mit saned, unabhängig von `sane_backends` gefragt; ohne Angabe die aus net.conf des Systems</translation>
    </message>
    <message>
        <source>File of user:password:resource lines that only its owner may read; `~/.sane/pass`, where there is one, when left out</source>
        <translation>Datei mit Zeilen user:password:resource, nur für ihren Besitzer lesbar; ohne Angabe `~/.sane/pass`, falls vorhanden</translation>
    </message>
    <message>
        <source>The site&apos;s own file of quirks beside the shipped one, see scanners.md</source>
        <translation>Eigene Datei der Einrichtung mit Geräteeigenheiten neben der mitgelieferten, siehe scanners.md</translation>
    </message>
    <message>
        <source>Folder with notes on which device answered to which id; devices in the state directory when left out</source>
        <translation>Ordner mit Notizen, welches Gerät unter welcher Kennung antwortete; ohne Angabe devices im Statusverzeichnis</translation>
    </message>
    <message>
        <source>Longest time to look for SANE devices in all</source>
        <translation>Längste Suche nach SANE-Geräten insgesamt</translation>
    </message>
    <message>
        <source>Longest time that one SANE backend may look for its devices</source>
        <translation>Längste Suche eines SANE-Treibers nach seinen Geräten</translation>
    </message>
    <message>
        <source>Longest time to open a device</source>
        <translation>Längste Zeit, um ein Gerät zu öffnen</translation>
    </message>
    <message>
        <source>Longest time to read or set options</source>
        <translation>Längste Zeit, um Optionen zu lesen oder zu setzen</translation>
    </message>
    <message>
        <source>Longest time to try all sources and modes of a device</source>
        <translation>Längste Zeit, um alle Quellen und Modi eines Geräts zu erproben</translation>
    </message>
    <message>
        <source>Lamps may warm up inside sane_start</source>
        <translation>In sane_start können Lampen aufwärmen</translation>
    </message>
    <message>
        <source>Longest time without a byte within a page</source>
        <translation>Längste Zeit ohne ein Byte innerhalb einer Seite</translation>
    </message>
    <message>
        <source>Longest time to bring a page that was read to disk</source>
        <translation>Längste Zeit, um eine gelesene Seite zu speichern</translation>
    </message>
    <message>
        <source>Longest time a driver may take to stop before its process is killed</source>
        <translation>Längste Zeit, in der ein Treiber anhalten muss, bevor sein Prozess abgebrochen wird</translation>
    </message>
    <message>
        <source>First pause before a busy device is asked again; each is twice the last</source>
        <translation>Erste Pause, bevor ein belegtes Gerät wieder gefragt wird; jede weitere ist doppelt so lang</translation>
    </message>
    <message>
        <source>No such pause is longer</source>
        <translation>Keine solche Pause ist länger</translation>
    </message>
    <message>
        <source>How long to wait for a busy device in all; 0 to give up at once</source>
        <translation>Wie lange insgesamt auf ein belegtes Gerät gewartet wird; 0: gar nicht</translation>
    </message>
    <message>
        <source>How often the buttons and sensors of an idle device are looked at</source>
        <translation>Wie oft Tasten und Sensoren eines ruhenden Geräts abgefragt werden</translation>
    </message>
    <message>
        <source>Simulated scanners; a flatbed and a feeder when none is named</source>
        <translation>Simulierte Scanner; ohne Angabe ein Flachbett und ein Einzug</translation>
    </message>
    <message>
        <source>Hot folders, see below</source>
        <translation>Überwachte Ordner, siehe unten</translation>
    </message>
    <message>
        <source>Own ICC profiles of scanners, see below</source>
        <translation>Eigene ICC-Profile von Scannern, siehe unten</translation>
    </message>
    <message>
        <source>A dead worker&apos;s units come back after this</source>
        <translation>Nach dieser Zeit kommen Aufträge eines ausgefallenen Arbeitsprozesses zurück</translation>
    </message>
    <message>
        <source>How often lost messages and callbacks are looked for</source>
        <translation>Wie oft nach verlorenen Nachrichten und Rückrufen gesucht wird</translation>
    </message>
    <message>
        <source>Attempts of a unit before it counts as failed</source>
        <translation>Versuche eines Auftrags, bis er als gescheitert gilt</translation>
    </message>
    <message>
        <source>Items of one station worked on at once</source>
        <translation>Objekte einer Station, die gleichzeitig bearbeitet werden</translation>
    </message>
    <message>
        <source>Pages in one unit of capture, characterise and OCR</source>
        <translation>Seiten je Auftrag bei Aufnahme, Metadaten und Texterkennung</translation>
    </message>
    <message>
        <source>Processes for imaging and OCR</source>
        <translation>Prozesse für Bildbearbeitung und Texterkennung</translation>
    </message>
    <message>
        <source>Threads for bags and uploads</source>
        <translation>Threads für Pakete und Uploads</translation>
    </message>
    <message>
        <source>How long units in work may go on when a worker is told to stop</source>
        <translation>Wie lange laufende Teile noch arbeiten dürfen, wenn ein Worker enden soll</translation>
    </message>
    <message>
        <source>Tell Flower and other listeners of each task; costs a third of the pace</source>
        <translation>Flower und anderen Zuhörern jeden Auftrag melden; kostet ein Drittel des Tempos</translation>
    </message>
    <message>
        <source>Free bytes of the data disk below which nothing is captured; 0: no such limit</source>
        <translation>Freie Bytes der Datenplatte, unter denen nichts aufgenommen wird; 0: keine solche Grenze</translation>
    </message>
    <message>
        <source>The same as a share of the disk, such as 0.05; the greater one of both counts</source>
        <translation>Dasselbe als Anteil der Platte, etwa 0.05; das Größere von beiden zählt</translation>
    </message>
    <message>
        <source>Captured pages that wait for the workers above which no more are captured; 0: no limit</source>
        <translation>Aufgenommene Seiten, die auf die Verarbeitung warten; darüber wird nichts mehr aufgenommen; 0: keine Grenze</translation>
    </message>
    <message>
        <source>Port of the endpoint /metrics; none when left out</source>
        <translation>Port des Endpunkts /metrics; keiner ohne Angabe</translation>
    </message>
    <message>
        <source>Address it listens at; this machine only when left out</source>
        <translation>Adresse, an der er hört; ohne Angabe nur dieser Rechner</translation>
    </message>
    <message>
        <source>Tesseract models, joined by +, where the item names none</source>
        <translation>Tesseract-Modelle, mit + verbunden, wenn das Objekt keine nennt</translation>
    </message>
    <message>
        <source>Longest time for one page</source>
        <translation>Längste Zeit für eine Seite</translation>
    </message>
    <message>
        <source>Tesseract&apos;s --psm</source>
        <translation>Die Option --psm von Tesseract</translation>
    </message>
    <message>
        <source>Tried too where the first reading is unsure; the better one is kept</source>
        <translation>Wird zusätzlich versucht, wenn die erste Lesung unsicher ist; die bessere bleibt</translation>
    </message>
    <message>
        <source>Let Tesseract tell Fraktur from Latin where the item names no language</source>
        <translation>Tesseract Fraktur und Antiqua unterscheiden lassen, wenn das Objekt keine Sprache nennt</translation>
    </message>
    <message>
        <source>A quality profile that comes with Recto, or the path of one&apos;s own</source>
        <translation>Ein Qualitätsprofil, das Recto mitbringt, oder der Pfad eines eigenen</translation>
    </message>
    <message>
        <source>Whether exiftool, jpylyzer and checkit_tiff are asked about each master, where they are installed</source>
        <translation>Ob exiftool, jpylyzer und checkit_tiff zu jedem Master befragt werden, wo sie installiert sind</translation>
    </message>
    <message>
        <source>Longest time that one of them may take for a file before it is ended</source>
        <translation>Längste Zeit, die eines davon für eine Datei brauchen darf, bevor es beendet wird</translation>
    </message>
    <message>
        <source>Rules of checkit_tiff that masters must fit; those of the SLUB with the tag set `slub`, else none</source>
        <translation>Regeln von checkit_tiff, denen Master genügen müssen; mit dem Tag-Satz `slub` die der SLUB, sonst keine</translation>
    </message>
    <message>
        <source>`none`, or `deflate` with the horizontal predictor: half the size, same pixels</source>
        <translation>`none`, oder `deflate` mit horizontalem Prädiktor: halb so groß, dieselben Pixel</translation>
    </message>
    <message>
        <source>A tag set that comes with Recto (`baseline`, `slub`), or the path of one&apos;s own</source>
        <translation>Ein mitgelieferter Tag-Satz (`baseline`, `slub`) oder der Pfad eines eigenen</translation>
    </message>
    <message>
        <source>Folder of the site&apos;s ICC profiles, named as manifests name them: eciRGBv2.icc, AdobeRGB.icc</source>
        <translation>Ordner der ICC-Profile des Hauses, benannt wie in Manifesten: eciRGBv2.icc, AdobeRGB.icc</translation>
    </message>
    <message>
        <source>Folder of further pipelines, each NAME.yaml; manifests call them by name</source>
        <translation>Ordner mit weiteren Abläufen, jeder als NAME.yaml; Manifeste nennen sie beim Namen</translation>
    </message>
    <message>
        <source>S3 allows no part below 5 MiB but the last</source>
        <translation>S3 erlaubt außer dem letzten keinen Teil unter 5 MiB</translation>
    </message>
    <message>
        <source>Unfinished uploads begun longer ago are aborted by the workers; 0 for never</source>
        <translation>Unfertige Uploads, die länger zurückliegen, brechen die Arbeitsprozesse ab; 0: nie</translation>
    </message>
    <message>
        <source>Days between the first read-back and the second, at least</source>
        <translation>Mindestabstand in Tagen zwischen erstem und zweitem Zurücklesen</translation>
    </message>
    <message>
        <source>shared: all hosts have the data directory mounted; s3: files go from host to host by a bucket</source>
        <translation>shared: alle Rechner haben das Datenverzeichnis eingehängt; s3: Dateien gehen über einen Bucket von Rechner zu Rechner</translation>
    </message>
    <message>
        <source>s3://bucket/prefix; the prefix is for staging alone</source>
        <translation>s3://bucket/präfix; das Präfix ist nur dafür da</translation>
    </message>
    <message>
        <source>Files of other stations&apos; batches here; in the cache directory when left out</source>
        <translation>Dateien von Stapeln anderer Stationen auf diesem Rechner; ohne Angabe im Cache-Verzeichnis</translation>
    </message>
    <message>
        <source>Room for them; those not in work go first</source>
        <translation>Platz dafür; was nicht in Arbeit ist, geht zuerst</translation>
    </message>
    <message>
        <source>Files of one unit on their way at once</source>
        <translation>Dateien einer Arbeitseinheit, die zugleich unterwegs sind</translation>
    </message>
    <message>
        <source>Whether bags go there too; false halves what a host sends that alone makes and uploads bags</source>
        <translation>Ob auch Bags dorthin gehen; false halbiert, was ein Rechner sendet, der allein Bags erzeugt und hochlädt</translation>
    </message>
    <message>
        <source>What the station fetches of a finished item: its files, or receipt and history only</source>
        <translation>Was die Station von einem fertigen Objekt holt: seine Dateien oder nur Quittung und Verlauf</translation>
    </message>
    <message>
        <source>How often finished items are fetched and cleared away</source>
        <translation>Wie oft fertige Objekte geholt und weggeräumt werden</translation>
    </message>
    <message>
        <source>Staged files that no batch counts on go after this; 0 for never</source>
        <translation>Abgelegte Dateien, auf die kein Stapel zählt, gehen nach dieser Zeit; 0 für nie</translation>
    </message>
    <message>
        <source>Hosts that files may be fetched from: host, host:port, *.domain, s3://bucket; any when left out</source>
        <translation>Server, von denen Dateien geholt werden dürfen: Host, Host:Port, *.Domäne, s3://Bucket; ohne Angabe alle</translation>
    </message>
    <message>
        <source>Hosts that a server may send us on to; none but itself when left out</source>
        <translation>Server, zu denen ein Server uns weiterleiten darf; ohne Angabe nur er selbst</translation>
    </message>
    <message>
        <source>Names of storage targets that files only come from; no bags go there</source>
        <translation>Namen von Speicherzielen, von denen Dateien nur kommen; keine Bags gehen dorthin</translation>
    </message>
    <message>
        <source>Longest wait for a connection, and for the next bytes</source>
        <translation>Längste Wartezeit auf eine Verbindung und auf die nächsten Bytes</translation>
    </message>
    <message>
        <source>A larger file is not fetched</source>
        <translation>Eine größere Datei wird nicht geholt</translation>
    </message>
    <message>
        <source>Longest list of files that is read</source>
        <translation>Längste Dateiliste, die gelesen wird</translation>
    </message>
    <message>
        <source>File with the certificates to trust; the system&apos;s when left out</source>
        <translation>Datei mit den Zertifikaten, denen vertraut wird; ohne Angabe die des Systems</translation>
    </message>
    <message>
        <source>File of known SSH hosts; ~/.ssh/known_hosts when left out</source>
        <translation>Datei bekannter SSH-Server; ohne Angabe ~/.ssh/known_hosts</translation>
    </message>
    <message>
        <source>Private key for SFTP; the agent and ~/.ssh when left out</source>
        <translation>Privater Schlüssel für SFTP; ohne Angabe der Agent und ~/.ssh</translation>
    </message>
    <message>
        <source>Hosts that texts may be sent to: host or host:port; none when left out</source>
        <translation>Rechner, an die Texte gesendet werden dürfen: host oder host:port; ohne Angabe keine</translation>
    </message>
    <message>
        <source>Address of an OpenAI-compatible endpoint, up to /v1; nothing is asked when left out</source>
        <translation>Adresse einer OpenAI-kompatiblen Schnittstelle, bis /v1; ohne Angabe wird nichts gefragt</translation>
    </message>
    <message>
        <source>The model to ask for</source>
        <translation>Das Modell, das gefragt wird</translation>
    </message>
    <message>
        <source>Where its key is: environment for OPENAI_API_KEY, keyring for the user&apos;s keyring, or none</source>
        <translation>Wo ihr Schlüssel liegt: environment für OPENAI_API_KEY, keyring für den Schlüsselbund, oder none</translation>
    </message>
    <message>
        <source>Requests that one worker sends in a minute, at most</source>
        <translation>Anfragen, die ein Prozess höchstens in einer Minute sendet</translation>
    </message>
    <message>
        <source>Requests for one batch, at most; its other items go on without</source>
        <translation>Anfragen für einen Stapel, höchstens; seine übrigen Objekte laufen ohne weiter</translation>
    </message>
    <message>
        <source>Characters of an item&apos;s text that are sent, at most</source>
        <translation>Zeichen vom Text eines Objekts, die höchstens gesendet werden</translation>
    </message>
    <message>
        <source>Longest wait for an answer</source>
        <translation>Längstes Warten auf eine Antwort</translation>
    </message>
    <message>
        <source>Larger bags are left out of drills, which need room for one</source>
        <translation>Größere Pakete bleiben bei Übungen aus, die Platz für eines brauchen</translation>
    </message>
    <message>
        <source>Where a drill has its bag meanwhile; in the data directory when left out</source>
        <translation>Wo eine Übung ihr Paket solange hat; ohne Angabe im Datenverzeichnis</translation>
    </message>
    <message>
        <source>Days between the agreement of the second person and the deletion</source>
        <translation>Tage zwischen der Zustimmung der zweiten Person und dem Löschen</translation>
    </message>
    <message>
        <source>Whether the two must also have different accounts of the operating system</source>
        <translation>Ob die beiden auch verschiedene Konten des Betriebssystems haben müssen</translation>
    </message>
    <message>
        <source>Every copy is proved at least so often; older ones are overdue</source>
        <translation>So oft wird jede Kopie mindestens geprüft; ältere sind überfällig</translation>
    </message>
    <message>
        <source>So long before its time a copy may be proved, so that runs are alike; below the interval</source>
        <translation>So lange vor ihrer Zeit darf eine Kopie geprüft werden, damit die Läufe gleich groß sind; weniger als der Abstand</translation>
    </message>
    <message>
        <source>Of all bytes kept, as much as a run reads, such as 0.05; 0: no such limit</source>
        <translation>Anteil aller verwahrten Bytes, den ein Lauf liest, etwa 0.05; 0: keine solche Grenze</translation>
    </message>
    <message>
        <source>The same in bytes; the lesser of both counts; 0: none</source>
        <translation>Dasselbe in Bytes; das kleinere von beiden gilt; 0: keine</translation>
    </message>
    <message>
        <source>A run of the schedule ends after so long; the next one goes on</source>
        <translation>So lange dauert ein Lauf nach Plan; der nächste macht weiter</translation>
    </message>
    <message>
        <source>Copies that are read at the same time</source>
        <translation>Kopien, die gleichzeitig gelesen werden</translation>
    </message>
    <message>
        <source>Whether a damaged or missing copy is made again from a good one</source>
        <translation>Ob eine beschädigte oder fehlende Kopie aus einer guten neu gemacht wird</translation>
    </message>
    <message>
        <source>Who is told, by name, see below; nobody when none is named</source>
        <translation>Wer benachrichtigt wird, nach Namen, siehe unten; niemand, wenn nichts angegeben ist</translation>
    </message>
    <message>
        <source>Folder of templates of one&apos;s own, each as batch-done.toml</source>
        <translation>Ordner mit eigenen Vorlagen, jede wie batch-done.toml</translation>
    </message>
    <message>
        <source>Notifications of one kind within this time make one message</source>
        <translation>Benachrichtigungen einer Art innerhalb dieser Zeit werden eine Nachricht</translation>
    </message>
    <message>
        <source>A message that could not be sent for so long is given up, and told by doctor</source>
        <translation>Eine Nachricht, die so lange nicht gesendet werden konnte, wird aufgegeben; recto doctor sagt es</translation>
    </message>
    <message>
        <source>Sent and given up messages are listed for so long</source>
        <translation>So lange stehen gesendete und aufgegebene Nachrichten in der Liste</translation>
    </message>
    <message>
        <source>Time zone that the lines below mean, such as Europe/Berlin</source>
        <translation>Zeitzone, die die Zeilen darunter meinen, wie Europe/Berlin</translation>
    </message>
    <message>
        <source>Receiving locations are looked through for bags that arrived</source>
        <translation>Empfangsorte werden nach angekommenen Bags durchgesehen</translation>
    </message>
    <message>
        <source>Copies are audited whose turn it is</source>
        <translation>Kopien, die an der Reihe sind, werden geprüft</translation>
    </message>
    <message>
        <source>A random object is restored and validated</source>
        <translation>Ein zufälliges Objekt wird zurückgeholt und geprüft</translation>
    </message>
    <message>
        <source>The registry is copied to the target of [backup], where one is named</source>
        <translation>Die Datenbank wird an das Ziel unter [backup] kopiert, wenn eines angegeben ist</translation>
    </message>
    <message>
        <source>Uploads that nobody will finish are aborted</source>
        <translation>Uploads, die niemand beenden wird, werden abgebrochen</translation>
    </message>
    <message>
        <source>Agreed deletions are executed whose delay is over</source>
        <translation>Vereinbarte Löschungen werden ausgeführt, wenn ihre Frist um ist</translation>
    </message>
    <message>
        <source>Receipts of uploaded bags are fetched</source>
        <translation>Quittungen hochgeladener Bags werden geholt</translation>
    </message>
    <message>
        <source>Storage target that backups go to, by its name, or an address; no scheduled backup when left out</source>
        <translation>Speicherziel der Sicherungen, mit seinem Namen, oder eine Adresse; ohne Angabe keine regelmäßige Sicherung</translation>
    </message>
    <message>
        <source>Days of which the newest backup is kept</source>
        <translation>Tage, von denen die neueste Sicherung bleibt</translation>
    </message>
    <message>
        <source>Weeks of which the newest backup is kept</source>
        <translation>Wochen, von denen die neueste Sicherung bleibt</translation>
    </message>
    <message>
        <source>Months of which the newest backup is kept</source>
        <translation>Monate, von denen die neueste Sicherung bleibt</translation>
    </message>
    <message>
        <source>Open each backup before it is sent, and check tables and some histories</source>
        <translation>Jede Sicherung vor dem Senden öffnen und Tabellen und einige Verläufe prüfen</translation>
    </message>
    <message>
        <source>Histories that are verified in each backup, the newest; 0 for all</source>
        <translation>Verläufe, die in jeder Sicherung geprüft werden, die neuesten; 0: alle</translation>
    </message>
    <message>
        <source>A bag is left alone until it has not changed for so long</source>
        <translation>Ein Bag bleibt liegen, bis es sich so lange nicht verändert hat</translation>
    </message>
    <message>
        <source>How often `recto receive` looks through all receiving locations</source>
        <translation>Wie oft `recto receive` alle Empfangsorte durchsieht</translation>
    </message>
    <message>
        <source>Receiving locations that are looked through at once</source>
        <translation>Empfangsorte, die gleichzeitig durchgesehen werden</translation>
    </message>
    <message>
        <source>Leave an ingested bag where it arrived; it is removed otherwise</source>
        <translation>Ein übernommenes Bag am Empfangsort lassen; sonst wird es dort entfernt</translation>
    </message>
    <message>
        <source>Public keys in PEM of the archives whose receipts this station believes</source>
        <translation>Öffentliche Schlüssel (PEM) der Archive, deren Quittungen diese Station glaubt</translation>
    </message>
    <message>
        <source>file:///folder, a plain path, or s3://bucket/prefix</source>
        <translation>file:///Ordner, ein einfacher Pfad oder s3://bucket/prefix</translation>
    </message>
    <message>
        <source>Id of the scanner; * stands for any letters, as in sane:epson2:*</source>
        <translation>Kennung des Scanners; * steht für beliebige Zeichen, wie in sane:epson2:*</translation>
    </message>
    <message>
        <source>Its .icc file: one of RGB for its colour pages, one of gray for its gray ones; each in a table</source>
        <translation>Seine .icc-Datei: eine in RGB für Farbseiten, eine in Grau für Grauseiten; jede in einer Tabelle</translation>
    </message>
    <message>
        <source>Address of an S3 server other than Amazon&apos;s</source>
        <translation>Adresse eines S3-Servers außerhalb von Amazon</translation>
    </message>
    <message>
        <source>never; after-read-back: once every stored copy was read back a second time; after-receipt: once an archive has answered that it keeps the bag</source>
        <translation>never: nie; after-read-back: wenn jede gespeicherte Kopie ein zweites Mal zurückgelesen ist; after-receipt: wenn ein Archiv geantwortet hat, dass es das Bag verwahrt</translation>
    </message>
    <message>
        <source>The S3 region; AWS&apos;s own configuration when left out</source>
        <translation>Die S3-Region; ohne Angabe gilt die Konfiguration von AWS</translation>
    </message>
    <message>
        <source>Where its key is: aws for the environment and AWS&apos;s own files, keyring for the user&apos;s keyring</source>
        <translation>Wo der Schlüssel liegt: aws für Umgebung und AWS-eigene Dateien, keyring für den Schlüsselbund</translation>
    </message>
    <message>
        <source>Keys of SSH hosts, each as host SHA256:... or host:port SHA256:...; before known_hosts</source>
        <translation>Schlüssel von SSH-Servern, jeweils als Host SHA256:... oder Host:Port SHA256:...; vor known_hosts</translation>
    </message>
    <message>
        <source>Its address as Apprise writes it, which is a secret: see notifications.md for where to keep it</source>
        <translation>Seine Adresse, wie Apprise sie schreibt; sie ist geheim: wohin damit, steht in notifications.md</translation>
    </message>
    <message>
        <source>Where its address is: settings for this table or the environment, keyring for the user&apos;s keyring</source>
        <translation>Wo seine Adresse steht: settings für diese Tabelle oder die Umgebung, keyring für den Schlüsselbund</translation>
    </message>
    <message>
        <source>Kinds of notifications that go there; all when left out</source>
        <translation>Arten von Benachrichtigungen, die dorthin gehen; ohne Angabe alle</translation>
    </message>
    <message>
        <source>What matters less does not go there: info, warning or failure</source>
        <translation>Was weniger wichtig ist, geht nicht dorthin: info, warning oder failure</translation>
    </message>
    <message>
        <source>Messages an hour at most; the rest waits, in groups</source>
        <translation>Nachrichten höchstens in einer Stunde; der Rest wartet, zusammengefasst</translation>
    </message>
    <message>
        <source>Its id is simulated:NAME</source>
        <translation>Seine Kennung ist simulated:NAME</translation>
    </message>
    <message>
        <source>flatbed, feeder, duplex, book, film or described</source>
        <translation>flatbed, feeder, duplex, book, film oder described</translation>
    </message>
    <message>
        <source>Of the kind described: the file that `recto options DEVICE --dump` wrote of the real one</source>
        <translation>Zur Art described: die Datei, die `recto options DEVICE --dump` vom echten Gerät geschrieben hat</translation>
    </message>
    <message>
        <source>The same seed, batch, item and page give the same pixels</source>
        <translation>Gleicher Startwert, Stapel, Objekt und Seite ergeben gleiche Pixel</translation>
    </message>
    <message>
        <source>Folder of real images that lie on the glass</source>
        <translation>Ordner mit echten Bildern, die auf dem Vorlagenglas liegen</translation>
    </message>
    <message>
        <source>Sheets in the feeder; unlimited when left out</source>
        <translation>Blätter im Einzug; ohne Angabe unbegrenzt</translation>
    </message>
    <message>
        <source>How long the lamp takes before the first page</source>
        <translation>Wie lange die Lampe vor der ersten Seite braucht</translation>
    </message>
    <message>
        <source>How long a page takes to be scanned</source>
        <translation>Wie lange eine Seite gescannt wird</translation>
    </message>
    <message>
        <source>Real seconds that one of its seconds takes, faults included; 0 for no time at all</source>
        <translation>Wirkliche Sekunden je simulierter Sekunde, auch bei Störungen; 0: ganz ohne Zeit</translation>
    </message>
    <message>
        <source>What its drawn pages have beside text, see simulator.md</source>
        <translation>Was gezeichnete Seiten außer Text zeigen, siehe simulator.md</translation>
    </message>
    <message>
        <source>YAML file with what goes wrong on it, see simulator.md; nothing when left out</source>
        <translation>YAML-Datei mit dem, was am Gerät schiefgeht, siehe simulator.md; ohne Angabe nichts</translation>
    </message>
    <message>
        <source>Its id is folder:NAME</source>
        <translation>Seine Kennung ist folder:NAME</translation>
    </message>
    <message>
        <source>Where it is; page n of an item is its n-th file</source>
        <translation>Wo er liegt; Seite n eines Objekts ist seine n-te Datei</translation>
    </message>
    <message>
        <source>Whether files follow each other by name (2 before 10) or by time</source>
        <translation>Ob Dateien nach Namen (2 vor 10) oder nach Zeit aufeinander folgen</translation>
    </message>
    <message>
        <source>How long a file must stay as it is before it counts as written</source>
        <translation>Wie lange eine Datei unverändert sein muss, bis sie als fertig geschrieben gilt</translation>
    </message>
    <message>
        <source>How long to wait for a file that is still being written</source>
        <translation>Wie lange auf eine Datei gewartet wird, die noch geschrieben wird</translation>
    </message>
    <message>
        <source>How long to wait for the next file when a number of pages was asked for; with patience_seconds less than start_timeout_seconds</source>
        <translation>Wie lange auf die nächste Datei gewartet wird, wenn eine Seitenzahl verlangt ist; mit patience_seconds weniger als start_timeout_seconds</translation>
    </message>
    <message>
        <source>Look again and again instead of being told of new files; auto does so on network mounts</source>
        <translation>Immer wieder nachsehen, statt neue Dateien gemeldet zu bekommen; auto tut das bei Netzlaufwerken</translation>
    </message>
    <message>
        <source>Maker of the camera, for the metadata</source>
        <translation>Hersteller der Kamera, für die Metadaten</translation>
    </message>
    <message>
        <source>Model of the camera, for the metadata; the folder when left out</source>
        <translation>Modell der Kamera, für die Metadaten; ohne Angabe der Ordner</translation>
    </message>
    <message>
        <source>Flatbed</source>
        <translation>Flachbett</translation>
    </message>
    <message>
        <source>Feeder</source>
        <translation>Vorlageneinzug</translation>
    </message>
    <message>
        <source>Feeder, both sides</source>
        <translation>Vorlageneinzug, beidseitig</translation>
    </message>
    <message>
        <source>Book scanner</source>
        <translation>Buchscanner</translation>
    </message>
    <message>
        <source>Film scanner</source>
        <translation>Filmscanner</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>Station</translation>
    </message>
    <message>
        <source>Who works here, and where pages and records are kept.</source>
        <translation>Wer hier arbeitet und wo Seiten und Aufzeichnungen liegen.</translation>
    </message>
    <message>
        <source>Scan profiles</source>
        <translation>Scanprofile</translation>
    </message>
    <message>
        <source>Settings of the scanner under a name, on the keys F2 to F12.</source>
        <translation>Scannereinstellungen unter einem Namen, auf den Tasten F2 bis F12.</translation>
    </message>
    <message>
        <source>Names and bags</source>
        <translation>Namen und Pakete</translation>
    </message>
    <message>
        <source>How files are named, how bags are sent, and when masters may go.</source>
        <translation>Wie Dateien heißen, wie Pakete gesendet werden und wann Masterdateien gehen dürfen.</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Archivspeicher</translation>
    </message>
    <message>
        <source>Where bags go. A batch goes to all of these unless its manifest names some.</source>
        <translation>Wohin Pakete gehen. Ein Stapel geht an alle diese Ziele, wenn sein Manifest keine nennt.</translation>
    </message>
    <message>
        <source>Work queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>How work gets to the workers. A single station needs nothing here.</source>
        <translation>Wie Aufträge zur Verarbeitung gelangen. Eine einzelne Station braucht hier nichts.</translation>
    </message>
    <message>
        <source>Scanners</source>
        <translation>Scanner</translation>
    </message>
    <message>
        <source>How scanners are looked for, simulated ones, and watched folders.</source>
        <translation>Suche nach Scannern, simulierte Scanner und überwachte Ordner.</translation>
    </message>
    <message>
        <source>Text recognition</source>
        <translation>Texterkennung</translation>
    </message>
    <message>
        <source>How text is read from pages, where the manifest does not say.</source>
        <translation>Wie der Text von Seiten gelesen wird, wo das Manifest nichts sagt.</translation>
    </message>
    <message>
        <source>Quality checks</source>
        <translation>Qualitätsprüfung</translation>
    </message>
    <message>
        <source>What is measured on every page, and what holds an item.</source>
        <translation>Was an jeder Seite gemessen wird und was ein Objekt zurückhält.</translation>
    </message>
    <message>
        <source>Keys and pedal</source>
        <translation>Tasten und Pedal</translation>
    </message>
    <message>
        <source>Keys of your own. They are yours alone, not the station&apos;s.</source>
        <translation>Ihre eigenen Tasten. Sie gelten nur für Sie, nicht für die Station.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Light or dark, and how large. Images stay on neutral grey in both.</source>
        <translation>Hell oder dunkel, und wie groß. Bilder liegen immer auf neutralem Grau.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>The language of the desktop. Files are written the same in every language.</source>
        <translation>Die Sprache der Oberfläche. Dateien werden in jeder Sprache gleich geschrieben.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Name of this station</source>
        <translation>Name dieser Station</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Bedienperson</translation>
    </message>
    <message>
        <source>Address of the broker</source>
        <translation>Adresse des Brokers</translation>
    </message>
    <message>
        <source>Address for chord results</source>
        <translation>Adresse für Chord-Ergebnisse</translation>
    </message>
    <message>
        <source>Certificates to trust</source>
        <translation>Zertifikate, denen vertraut wird</translation>
    </message>
    <message>
        <source>Address of the database</source>
        <translation>Adresse der Datenbank</translation>
    </message>
    <message>
        <source>Folder for batches</source>
        <translation>Ordner für Stapel</translation>
    </message>
    <message>
        <source>Folder for records</source>
        <translation>Ordner für Aufzeichnungen</translation>
    </message>
    <message>
        <source>How much is logged</source>
        <translation>Umfang des Protokolls</translation>
    </message>
    <message>
        <source>Look for real scanners</source>
        <translation>Echte Scanner suchen</translation>
    </message>
    <message>
        <source>Only these SANE backends</source>
        <translation>Nur diese SANE-Treiber</translation>
    </message>
    <message>
        <source>Scanner hosts on the network</source>
        <translation>Scannerrechner im Netz</translation>
    </message>
    <message>
        <source>Password file for network scanners</source>
        <translation>Kennwortdatei für Netzwerkscanner</translation>
    </message>
    <message>
        <source>Your own file of scanner quirks</source>
        <translation>Eigene Datei der Geräteeigenheiten</translation>
    </message>
    <message>
        <source>Folder of known scanners</source>
        <translation>Ordner bekannter Scanner</translation>
    </message>
    <message>
        <source>Longest search for scanners</source>
        <translation>Längste Suche nach Scannern</translation>
    </message>
    <message>
        <source>Longest search of one backend</source>
        <translation>Längste Suche eines Treibers</translation>
    </message>
    <message>
        <source>Longest time to open a scanner</source>
        <translation>Längstes Öffnen eines Scanners</translation>
    </message>
    <message>
        <source>Longest time for its settings</source>
        <translation>Längste Zeit für seine Einstellungen</translation>
    </message>
    <message>
        <source>Longest time to try its sources</source>
        <translation>Längste Zeit zum Erproben der Quellen</translation>
    </message>
    <message>
        <source>Longest time to begin a page</source>
        <translation>Längste Zeit bis Seitenbeginn</translation>
    </message>
    <message>
        <source>Longest silence within a page</source>
        <translation>Längste Stille in einer Seite</translation>
    </message>
    <message>
        <source>Longest time to store a page</source>
        <translation>Längste Zeit zum Speichern einer Seite</translation>
    </message>
    <message>
        <source>Longest time to stop</source>
        <translation>Längste Zeit zum Anhalten</translation>
    </message>
    <message>
        <source>First pause for a busy scanner</source>
        <translation>Erste Pause bei belegtem Scanner</translation>
    </message>
    <message>
        <source>Longest pause for a busy scanner</source>
        <translation>Längste Pause bei belegtem Scanner</translation>
    </message>
    <message>
        <source>Longest wait for a busy scanner</source>
        <translation>Längstes Warten auf belegten Scanner</translation>
    </message>
    <message>
        <source>How often scanner buttons are read</source>
        <translation>Abfrage der Scannertasten alle</translation>
    </message>
    <message>
        <source>Work of a dead worker comes back after</source>
        <translation>Aufträge ausgefallener Prozesse kommen zurück nach</translation>
    </message>
    <message>
        <source>Lost work is looked for every</source>
        <translation>Suche nach verlorenen Aufträgen alle</translation>
    </message>
    <message>
        <source>Attempts before work counts as failed</source>
        <translation>Versuche bis zum Scheitern</translation>
    </message>
    <message>
        <source>Items worked on at once</source>
        <translation>Objekte gleichzeitig in Arbeit</translation>
    </message>
    <message>
        <source>Pages in one piece of work</source>
        <translation>Seiten je Auftrag</translation>
    </message>
    <message>
        <source>Processes for images and text</source>
        <translation>Prozesse für Bilder und Text</translation>
    </message>
    <message>
        <source>Bags and uploads at once</source>
        <translation>Pakete und Uploads gleichzeitig</translation>
    </message>
    <message>
        <source>Time to finish when workers stop</source>
        <translation>Zeit zum Abschließen, wenn Worker enden</translation>
    </message>
    <message>
        <source>Tell listeners of each task</source>
        <translation>Zuhörern jeden Auftrag melden</translation>
    </message>
    <message>
        <source>Capture waits below free bytes</source>
        <translation>Aufnahme wartet unter freien Bytes</translation>
    </message>
    <message>
        <source>Capture waits below share of the disk</source>
        <translation>Aufnahme wartet unter Anteil der Platte</translation>
    </message>
    <message>
        <source>Capture waits above pages in work</source>
        <translation>Aufnahme wartet über Seiten in Arbeit</translation>
    </message>
    <message>
        <source>Port for Prometheus</source>
        <translation>Port für Prometheus</translation>
    </message>
    <message>
        <source>Address for Prometheus</source>
        <translation>Adresse für Prometheus</translation>
    </message>
    <message>
        <source>Language of the pages</source>
        <translation>Sprache der Seiten</translation>
    </message>
    <message>
        <source>Longest time for a page</source>
        <translation>Längste Zeit für eine Seite</translation>
    </message>
    <message>
        <source>Layout of the pages</source>
        <translation>Aufbau der Seiten</translation>
    </message>
    <message>
        <source>Layout for a second try</source>
        <translation>Aufbau für den zweiten Versuch</translation>
    </message>
    <message>
        <source>Tell Fraktur by itself</source>
        <translation>Fraktur selbst erkennen</translation>
    </message>
    <message>
        <source>Quality profile</source>
        <translation>Qualitätsprofil</translation>
    </message>
    <message>
        <source>Ask exiftool, jpylyzer and checkit_tiff</source>
        <translation>exiftool, jpylyzer und checkit_tiff befragen</translation>
    </message>
    <message>
        <source>Longest time for one of them</source>
        <translation>Längste Zeit für eines davon</translation>
    </message>
    <message>
        <source>Rules of checkit_tiff</source>
        <translation>Regeln für checkit_tiff</translation>
    </message>
    <message>
        <source>Compression of masters</source>
        <translation>Kompression der Master</translation>
    </message>
    <message>
        <source>Tags of masters</source>
        <translation>Tags der Master</translation>
    </message>
    <message>
        <source>Folder of ICC profiles</source>
        <translation>Ordner der ICC-Profile</translation>
    </message>
    <message>
        <source>Size of an upload part</source>
        <translation>Größe eines Upload-Teils</translation>
    </message>
    <message>
        <source>Folder of own pipelines</source>
        <translation>Ordner mit eigenen Abläufen</translation>
    </message>
    <message>
        <source>Unfinished uploads are removed after</source>
        <translation>Unfertige Uploads entfernen nach</translation>
    </message>
    <message>
        <source>Masters here may be removed</source>
        <translation>Masterdateien hier entfernen</translation>
    </message>
    <message>
        <source>Days until the second read-back</source>
        <translation>Tage bis zum zweiten Zurücklesen</translation>
    </message>
    <message>
        <source>Hosts that texts may be sent to</source>
        <translation>Rechner, an die Texte gehen dürfen</translation>
    </message>
    <message>
        <source>Address of the provider of suggestions</source>
        <translation>Adresse des Anbieters von Vorschlägen</translation>
    </message>
    <message>
        <source>Its model</source>
        <translation>Sein Modell</translation>
    </message>
    <message>
        <source>Where its key is</source>
        <translation>Wo sein Schlüssel liegt</translation>
    </message>
    <message>
        <source>Requests in a minute</source>
        <translation>Anfragen je Minute</translation>
    </message>
    <message>
        <source>Requests for a batch</source>
        <translation>Anfragen je Stapel</translation>
    </message>
    <message>
        <source>Characters sent of an item</source>
        <translation>Gesendete Zeichen je Objekt</translation>
    </message>
    <message>
        <source>Hosts to fetch files from</source>
        <translation>Server, von denen Dateien geholt werden</translation>
    </message>
    <message>
        <source>Hosts they may send us on to</source>
        <translation>Server, zu denen sie weiterleiten dürfen</translation>
    </message>
    <message>
        <source>Targets that files only come from</source>
        <translation>Ziele, von denen Dateien nur kommen</translation>
    </message>
    <message>
        <source>Longest silence of a server</source>
        <translation>Längstes Schweigen eines Servers</translation>
    </message>
    <message>
        <source>Largest file to fetch</source>
        <translation>Größte Datei, die geholt wird</translation>
    </message>
    <message>
        <source>Longest list of files</source>
        <translation>Längste Dateiliste</translation>
    </message>
    <message>
        <source>File of trusted certificates</source>
        <translation>Datei vertrauenswürdiger Zertifikate</translation>
    </message>
    <message>
        <source>File of known SSH hosts</source>
        <translation>Datei bekannter SSH-Server</translation>
    </message>
    <message>
        <source>Fingerprints of SSH hosts</source>
        <translation>Fingerabdrücke von SSH-Servern</translation>
    </message>
    <message>
        <source>Private key for SFTP</source>
        <translation>Privater Schlüssel für SFTP</translation>
    </message>
    <message>
        <source>Page files come to other hosts by</source>
        <translation>Seitendateien kommen zu anderen Rechnern über</translation>
    </message>
    <message>
        <source>Bucket and prefix for page files</source>
        <translation>Bucket und Präfix für Seitendateien</translation>
    </message>
    <message>
        <source>S3 server for page files</source>
        <translation>S3-Server für Seitendateien</translation>
    </message>
    <message>
        <source>S3 region for page files</source>
        <translation>S3-Region für Seitendateien</translation>
    </message>
    <message>
        <source>Key for page files</source>
        <translation>Schlüssel für Seitendateien</translation>
    </message>
    <message>
        <source>Folder for other stations&apos; files</source>
        <translation>Ordner für Dateien anderer Stationen</translation>
    </message>
    <message>
        <source>Room for other stations&apos; files</source>
        <translation>Platz für Dateien anderer Stationen</translation>
    </message>
    <message>
        <source>Files on their way at once</source>
        <translation>Dateien zugleich unterwegs</translation>
    </message>
    <message>
        <source>Bags go to other hosts too</source>
        <translation>Auch Bags gehen zu anderen Rechnern</translation>
    </message>
    <message>
        <source>Fetched when an item is finished</source>
        <translation>Geholt, wenn ein Objekt fertig ist</translation>
    </message>
    <message>
        <source>Finished items are cleared away every</source>
        <translation>Fertige Objekte werden weggeräumt alle</translation>
    </message>
    <message>
        <source>Abandoned page files are removed after</source>
        <translation>Verwaiste Seitendateien werden entfernt nach</translation>
    </message>
    <message>
        <source>Largest bag of a restore drill</source>
        <translation>Größtes Paket einer Wiederherstellungsübung</translation>
    </message>
    <message>
        <source>Folder of restore drills</source>
        <translation>Ordner der Wiederherstellungsübungen</translation>
    </message>
    <message>
        <source>Days until an agreed deletion</source>
        <translation>Tage bis zu einem vereinbarten Löschen</translation>
    </message>
    <message>
        <source>The two persons need accounts of their own</source>
        <translation>Die beiden Personen brauchen eigene Konten</translation>
    </message>
    <message>
        <source>Every copy is proved at least every</source>
        <translation>Jede Kopie wird geprüft mindestens alle</translation>
    </message>
    <message>
        <source>A copy may be proved earlier by</source>
        <translation>Eine Kopie darf früher geprüft werden um</translation>
    </message>
    <message>
        <source>Share of all bytes that an audit reads</source>
        <translation>Anteil aller Bytes, den ein Prüflauf liest</translation>
    </message>
    <message>
        <source>Bytes that an audit reads</source>
        <translation>Bytes, die ein Prüflauf liest</translation>
    </message>
    <message>
        <source>An audit ends after (minutes)</source>
        <translation>Ein Prüflauf endet nach (Minuten)</translation>
    </message>
    <message>
        <source>Copies read at the same time</source>
        <translation>Gleichzeitig gelesene Kopien</translation>
    </message>
    <message>
        <source>Mend damaged and missing copies</source>
        <translation>Beschädigte und fehlende Kopien erneuern</translation>
    </message>
    <message>
        <source>Folder of message templates</source>
        <translation>Ordner der Nachrichtenvorlagen</translation>
    </message>
    <message>
        <source>Like notifications become one message for</source>
        <translation>Gleichartige Benachrichtigungen zusammenfassen</translation>
    </message>
    <message>
        <source>Unsent messages are given up after</source>
        <translation>Nicht gesendete Nachrichten aufgeben nach</translation>
    </message>
    <message>
        <source>Sent messages are listed for</source>
        <translation>Gesendete Nachrichten auflisten</translation>
    </message>
    <message>
        <source>An arriving bag must be quiet for</source>
        <translation>Ein eintreffendes Bag muss ruhen für</translation>
    </message>
    <message>
        <source>Look for arriving bags every</source>
        <translation>Nach eintreffenden Bags sehen alle</translation>
    </message>
    <message>
        <source>Receiving locations looked through at once</source>
        <translation>Gleichzeitig durchgesehene Empfangsorte</translation>
    </message>
    <message>
        <source>Keep ingested bags where they arrived</source>
        <translation>Übernommene Bags am Empfangsort lassen</translation>
    </message>
    <message>
        <source>Keys of archives whose receipts count</source>
        <translation>Schlüssel der Archive, deren Quittungen gelten</translation>
    </message>
    <message>
        <source>Time zone of the schedule</source>
        <translation>Zeitzone des Zeitplans</translation>
    </message>
    <message>
        <source>Look for bags that arrived</source>
        <translation>Nach angekommenen Bags sehen</translation>
    </message>
    <message>
        <source>Audit copies</source>
        <translation>Kopien prüfen</translation>
    </message>
    <message>
        <source>Try a restore</source>
        <translation>Zurückholen üben</translation>
    </message>
    <message>
        <source>Back up the registry</source>
        <translation>Datenbank sichern</translation>
    </message>
    <message>
        <source>Abort abandoned uploads</source>
        <translation>Verwaiste Uploads abbrechen</translation>
    </message>
    <message>
        <source>Execute agreed deletions</source>
        <translation>Vereinbarte Löschungen ausführen</translation>
    </message>
    <message>
        <source>Fetch receipts</source>
        <translation>Quittungen holen</translation>
    </message>
    <message>
        <source>Where backups of the registry go</source>
        <translation>Wohin Sicherungen der Datenbank gehen</translation>
    </message>
    <message>
        <source>Backups kept, one a day</source>
        <translation>Sicherungen behalten, eine je Tag</translation>
    </message>
    <message>
        <source>Backups kept, one a week</source>
        <translation>Sicherungen behalten, eine je Woche</translation>
    </message>
    <message>
        <source>Backups kept, one a month</source>
        <translation>Sicherungen behalten, eine je Monat</translation>
    </message>
    <message>
        <source>Check backups before they are sent</source>
        <translation>Sicherungen vor dem Senden prüfen</translation>
    </message>
    <message>
        <source>Histories checked in a backup</source>
        <translation>Verläufe, die in einer Sicherung geprüft werden</translation>
    </message>
    <message>
        <source>Folder or address</source>
        <translation>Ordner oder Adresse</translation>
    </message>
    <message>
        <source>S3 server</source>
        <translation>S3-Server</translation>
    </message>
    <message>
        <source>S3 region</source>
        <translation>S3-Region</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>After every copy was read back twice</source>
        <translation>Wenn jede Kopie zweimal zurückgelesen wurde</translation>
    </message>
    <message>
        <source>A folder that all hosts have mounted</source>
        <translation>Einen Ordner, den alle Rechner eingehängt haben</translation>
    </message>
    <message>
        <source>A bucket (S3)</source>
        <translation>Einen Bucket (S3)</translation>
    </message>
    <message>
        <source>All files of the item</source>
        <translation>Alle Dateien des Objekts</translation>
    </message>
    <message>
        <source>Receipt and history only</source>
        <translation>Nur Quittung und Verlauf</translation>
    </message>
    <message>
        <source>Everything, to find a fault</source>
        <translation>Alles, um einen Fehler zu finden</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>Was geschieht</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>MiB</source>
        <translation>MiB</translation>
    </message>
    <message>
        <source>h</source>
        <translation>h</translation>
    </message>
    <message>
        <source>days</source>
        <translation>Tage</translation>
    </message>
    <message>
        <source>It was not saved; what was there before holds. Enter another value.</source>
        <translation>Nicht gespeichert; es gilt weiter, was vorher da stand. Geben Sie einen anderen Wert ein.</translation>
    </message>
    <message>
        <source>Only letters, digits, - and _ can stand here.</source>
        <translation>Hier sind nur Buchstaben, Ziffern, - und _ möglich.</translation>
    </message>
    <message>
        <source>The smallest number here is {number}.</source>
        <translation>Die kleinste Zahl ist hier {number}.</translation>
    </message>
    <message>
        <source>The greatest number here is {number}.</source>
        <translation>Die größte Zahl ist hier {number}.</translation>
    </message>
</context>
<context>
    <name>station</name>
    <message>
        <source>Start the workers again</source>
        <translation>Verarbeitung neu starten</translation>
    </message>
    <message>
        <source>{running} at work, {waiting} waiting</source>
        <translation>{running} in Arbeit, {waiting} warten</translation>
    </message>
</context>
<context>
    <name>suggestions</name>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Key phrase</source>
        <translation>Schlüsselwort</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Kind of page</source>
        <translation>Art der Seite</translation>
    </message>
    <message>
        <source>Came twice</source>
        <translation>Doppelt</translation>
    </message>
    <message>
        <source>Blank page</source>
        <translation>Leere Seite</translation>
    </message>
    <message>
        <source>Not sharp</source>
        <translation>Unscharf</translation>
    </message>
    <message>
        <source>Noisy</source>
        <translation>Verrauscht</translation>
    </message>
    <message>
        <source>Upright</source>
        <translation>Aufrecht</translation>
    </message>
    <message>
        <source>Barcode</source>
        <translation>Strichcode</translation>
    </message>
    <message>
        <source>An item begins</source>
        <translation>Objekt beginnt</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Creator</source>
        <translation>Urheber</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Thema</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Zusammenfassung</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>title page</source>
        <translation>Titelblatt</translation>
    </message>
    <message>
        <source>table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>plate</source>
        <translation>Tafel</translation>
    </message>
    <message>
        <source>cover</source>
        <translation>Einband</translation>
    </message>
    <message>
        <source>blank</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>perhaps blank</source>
        <translation>vielleicht leer</translation>
    </message>
    <message>
        <source>other</source>
        <translation>anderes</translation>
    </message>
    <message>
        <source>turn by {number} degrees clockwise</source>
        <translation>um {number} Grad im Uhrzeigersinn drehen</translation>
    </message>
    <message>
        <source>the same image as page {number}</source>
        <translation>dasselbe Bild wie Seite {number}</translation>
    </message>
    <message>
        <source>looks like page {number}</source>
        <translation>sieht aus wie Seite {number}</translation>
    </message>
    <message>
        <source>the same text as page {number}</source>
        <translation>derselbe Text wie Seite {number}</translation>
    </message>
    <message>
        <source>{number} of the usual sharpness</source>
        <translation>{number} der üblichen Schärfe</translation>
    </message>
    <message>
        <source>{number} times the usual noise</source>
        <translation>{number}-mal das übliche Rauschen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Abgelehnt</translation>
    </message>
</context>
<context>
    <name>targets</name>
    <message>
        <source>Colour target {age} ago: no level of {standard} is reached</source>
        <translation>Farbtafel vor {age}: keine Stufe von {standard} ist erreicht</translation>
    </message>
    <message>
        <source>Colour target {age} ago: {level} of {standard}</source>
        <translation>Farbtafel vor {age}: {level} von {standard}</translation>
    </message>
    <message>
        <source>Colour target {age} ago: {level} of {standard}; scan it again</source>
        <translation>Farbtafel vor {age}: {level} von {standard}; scannen Sie sie erneut</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} min</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count} h</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} Tagen</translation>
    </message>
</context>
<context>
    <name>undo</name>
    <message>
        <source>capture of page {page}</source>
        <translation>Aufnahme von Seite {page}</translation>
    </message>
    <message>
        <source>retake of page {page}</source>
        <translation>Neuaufnahme von Seite {page}</translation>
    </message>
    <message>
        <source>adding of page {page}</source>
        <translation>Hinzufügen von Seite {page}</translation>
    </message>
    <message>
        <source>missing page {page}</source>
        <translation>fehlende Seite {page}</translation>
    </message>
    <message>
        <source>discard of page {page}</source>
        <translation>Verwerfen von Seite {page}</translation>
    </message>
    <message>
        <source>move of page {page}</source>
        <translation>Verschieben von Seite {page}</translation>
    </message>
    <message>
        <source>interleaving of page {page}</source>
        <translation>Zusammenführen von Seite {page}</translation>
    </message>
    <message>
        <source>label of page {page}</source>
        <translation>Bezeichnung von Seite {page}</translation>
    </message>
    <message>
        <source>turn of page {page}</source>
        <translation>Drehen von Seite {page}</translation>
    </message>
    <message>
        <source>verdict on page {page}</source>
        <translation>Bewertung von Seite {page}</translation>
    </message>
    <message>
        <source>decision over a suggestion for page {page}</source>
        <translation>Entscheidung über einen Vorschlag zu Seite {page}</translation>
    </message>
    <message>
        <source>capture of pages {pages}</source>
        <translation>Aufnahme der Seiten {pages}</translation>
    </message>
    <message>
        <source>retake of pages {pages}</source>
        <translation>Neuaufnahme der Seiten {pages}</translation>
    </message>
    <message>
        <source>adding of pages {pages}</source>
        <translation>Hinzufügen der Seiten {pages}</translation>
    </message>
    <message>
        <source>missing pages {pages}</source>
        <translation>fehlende Seiten {pages}</translation>
    </message>
    <message>
        <source>discard of pages {pages}</source>
        <translation>Verwerfen der Seiten {pages}</translation>
    </message>
    <message>
        <source>move of pages {pages}</source>
        <translation>Verschieben der Seiten {pages}</translation>
    </message>
    <message>
        <source>interleaving of pages {pages}</source>
        <translation>Zusammenführen der Seiten {pages}</translation>
    </message>
    <message>
        <source>labels of pages {pages}</source>
        <translation>Bezeichnung der Seiten {pages}</translation>
    </message>
    <message>
        <source>turn of pages {pages}</source>
        <translation>Drehen der Seiten {pages}</translation>
    </message>
    <message>
        <source>verdict on pages {pages}</source>
        <translation>Bewertung der Seiten {pages}</translation>
    </message>
    <message>
        <source>decision over a suggestion for the item</source>
        <translation>Entscheidung über einen Vorschlag zum Objekt</translation>
    </message>
</context>
<context>
    <name>viewer</name>
    <message>
        <source>No colour profile: colours may be wrong</source>
        <translation>Kein Farbprofil: Farben können falsch sein</translation>
    </message>
    <message>
        <source>Colour profile unusable: colours may be wrong</source>
        <translation>Farbprofil unbrauchbar: Farben können falsch sein</translation>
    </message>
    <message>
        <source>Preparing the page ...</source>
        <translation>Seite wird vorbereitet ...</translation>
    </message>
    <message>
        <source>The page cannot be shown. No file was changed.</source>
        <translation>Die Seite kann nicht gezeigt werden. Keine Datei wurde verändert.</translation>
    </message>
</context>
<context>
    <name>workplace</name>
    <message>
        <source>Look for interrupted captures</source>
        <translation>Unterbrochene Aufnahmen suchen</translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) recovered</source>
        <translation>
            <numerusform>%n Seite wiederhergestellt</numerusform>
            <numerusform>%n Seiten wiederhergestellt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s) put aside</source>
        <translation>
            <numerusform>%n Seite beiseitegelegt</numerusform>
            <numerusform>%n Seiten beiseitegelegt</numerusform>
        </translation>
    </message>
    <message>
        <source>Settle interrupted captures</source>
        <translation>Unterbrochene Aufnahmen abschließen</translation>
    </message>
</context>
</TS>
