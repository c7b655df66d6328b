# SPDX-License-Identifier: Apache-2.0
"""Words that carry grammar and no subject, of the languages that most collections here are in."""

from __future__ import annotations

_ENGLISH = """
a about above after again against all also am among an and any are as at be because been before being below
between both but by came can cannot come could did do does doing down during each either else even ever every
few first for from further get go had has have having he her here hers herself him himself his how however i if
in into is it its itself just know let like little made make many may me might more most much must my myself
neither never no nor not nothing now of off on once one only or other our ours out over own quite said same say
see seem shall she should so some something such than that the thee their theirs them themselves then there
therefore these they thing things think this those thou though thought through thus thy to too two under until
up upon us very was way we well went were what when where whether which while who whole whom whose why will
with within without would yes yet you your yours
"""

_GERMAN = """
aber alle allein allem allen aller alles als also am an andere anderen anderer anderes auch auf aus ausser bei
beide beiden beim bin bis bist da dabei dadurch dafür dagegen daher damit dann daran darauf daraus darf darin
darum das dass daß davon dazu dein deine dem den denen denn dennoch der deren des dessen die dies diese diesem
diesen dieser dieses doch dort du durch eben ein eine einem einen einer eines einige einigen er erst es etwa
etwas euch euer für ganz ganze ganzen gar gegen gibt habe haben hat hatte hatten her hier hin hinter ich ihm ihn
ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem ins ist ja jede jedem jeden jeder jedes jedoch jene
jenem jenen jener jenes jetzt kann kein keine keinem keinen keiner können könnte lassen machen man manche mehr
mein meine meinem meinen meiner mich mir mit muß muss müssen nach nachdem nicht nichts nie noch nun nur ob oder
ohne schon sehr sei sein seine seinem seinen seiner seines seit seyn sich sie sind so solche solchen solcher
soll sollen sollte sondern sonst über um und uns unser unsere unserer unter viel viele vielen vom von vor war
waren ward warum was weil weit welche welchem welchen welcher welches wenn wer werde werden wie wieder will wir
wird wo wohl wohin worden wurde wurden würde würden zu zum zur zwar zwei zwischen
"""

_FRENCH = """
ai ainsi alors après as au aucun aucune auquel aussi autre autres aux avaient avait avant avec avez avoir ayant
bien car ce ceci cela celle celles celui cent cependant ces cet cette ceux chaque chez comme comment contre dans
de deja déjà depuis des dès deux dire dit doit donc dont du elle elles en encore enfin entre est et étaient
était étant été être eu eux fait faire faut fort furent fut il ils je jamais jusque la là laquelle le lequel les
lesquelles lesquels leur leurs lorsque lui luy ma mais me même mêmes mes mien moi moins mon ne ni non nos notre
nous on ont ou où oui par parce pas pendant peu peut plus plusieurs point pour pourquoi pouvait puis puisque
quand que quel quelle quelles quelque quelques quels qui quoi rien sa sans se selon sera ses seulement si soi
soient soit son sont sous sur ta tandis tant te tel telle tels tes toi ton toujours tous tout toute toutes très
trop tu un une vers voici voilà vos votre vous
"""

_LATIN = """
a ab ac ad adhuc aliquid aliquis an ante apud at atque aut autem bene cum cur de dum e ea eadem eam eas ego ei
eis eius eo eorum eos erant erat ergo esse est esset et etiam etsi eum ex fuerat fuisse fuit haec hanc has hic
his hoc huic huius hunc iam id idem igitur ille illa illi illis illius illud illum in inter ipsa ipse ipsi ipsum
is ista iste ita itaque mihi modo nam ne nec neque nihil nisi nobis non nos noster nostra nunc ob omnes omnia
omnis per post postquam pro propter qua quae quam quamquam quantum quarum quas quasi que quem qui quia quibus
quid quidem quin quis quo quod quoque quorum quos se sed semper si sic sicut sine sit sub sum sunt super suum
suus tam tamen te tibi tu tum tunc ubi ut vel vero vos
"""

STOP_WORDS = {
    "eng": frozenset(_ENGLISH.split()),
    "deu": frozenset(_GERMAN.split()),
    "fra": frozenset(_FRENCH.split()),
    "lat": frozenset(_LATIN.split()),
}
"""By ISO 639-2/T code, in lower case, with long s written as s."""
