"""Words that say nothing about what an idea is about, in French and in English."""

# ruff: noqa: SIM905  # a paragraph of words is read and kept in order more easily than a list of six hundred lines

from __future__ import annotations

FRENCH = frozenset(
    """
    a à afin ai aie ainsi alors ancien ans apres après as assez au aucun aucune aujourd aura aurait aussi autant autour
    autre autres aux avait avant avec avez avoir avons ayant beaucoup bien bon bonne c ca ça car ce ceci cela celle
    celles celui certain certaine certaines certains ces cet cette ceux chacun chacune chaque chez ci comme comment
    concernant contre d dans davantage de debout dehors déjà depuis des dès desormais désormais deux devant devoir
    devra devrait doit doivent donc dont du durant elle elles en encore enfin ensemble entre envers es est et etaient
    étaient etait était etant étant etc été etes êtes etre être eu eux faire fait faites façon faut fois font grâce
    hors il ils j jamais je jusqu jusque l la là laquelle le lequel les lesquels leur leurs loin lors lorsque lui m ma
    maintenant mais me meme même mêmes mes mettre mieux mis moi moins mon n ne ni non nos notre nous nouveau nouveaux
    nouvelle nouvelles on ont or ou où par parce parfois parmi pas pendant permettre peu peut peuvent plus plusieurs
    plutôt plutot pour pourquoi pourrait pourrions pouvoir pres près presque puis puisque qu quand que quel quelle
    quelles quelque quelques quels qui quoi rien s sa sans sauf se selon sera serait seront ses seul seule seulement si
    soient soit son sont sous souvent sur surtout t ta tandis tant te tel telle telles tels tes toi ton toujours tous
    tout toute toutes tres très trop tu un une va vers via vos votre vous voici voilà vraiment y
    """.split()
)
ENGLISH = frozenset(
    """
    a about above across after again all almost also although always am among an and another any anyone anything are
    around as at away be because been before being below better between both but by can cannot could did do does doing
    done down during each either else enough etc ever every everyone everything few for from further get give go good
    had has have having he her here hers him his how however i if in instead into is it its itself just let like ll
    lot lots m made make makes making many may me might mine more most much must my near need needs neither never new
    no nobody nor not nothing now of off often on once one only onto or other others our ours out over own people
    perhaps please put quite rather re really s same several shall she should since so some someone something soon
    still such t take than that the their theirs them themselves then there these they thing things this those though
    through to together too toward towards two under until up upon us use used using ve very via want was way we well
    were what when where whether which while who whom whose why will with within without would yes yet you your yours
    ain aren couldn didn doesn don hadn hasn haven isn mustn needn shouldn wasn weren won wouldn
    arent cant couldnt didnt doesnt dont hasnt havent isnt wasnt wont wouldnt im ive
    """.split()
)
ACRONYMS = frozenset({"IT"})
"""Little words that are something else in capitals."""
FOR_LABELS = frozenset(
    """
    accueillir aider ajouter améliorer aménager annoncer avoir changer construire creer créer developper développer
    distribuer donner enlever envoyer favoriser fournir installer inventer lancer laisser monter obtenir offrir
    organiser ouvrir penser permettre placer poser prévoir prevoir promouvoir proposer publier rendre renforcer
    réaliser realiser réduire soutenir supprimer tenir trouver utiliser venir vouloir voir nombre niveau mise place
    projet projets idée idees idées chose choses cas type types système systeme moyen moyens personne personnes gens
    add allow build change create develop enable encourage find help improve increase install offer open organise
    organize plan propose provide reduce run set start stop support try work working idea ideas project projects kind
    able ask asked asking getting happen happens happening know knowing possible seem seems tell tried tries trying
    used using wanted wants wonder wondering issue issues problem problems question questions
    trois quatre cinq six sept huit neuf dix three five seven eight nine ten hundred thousand
    agir apprendre arreter arrêter comprendre devenir éviter eviter garder interdire limiter lutter obliger prendre
    rester vivre hier demain yesterday today tomorrow ago
    aber auch auf aus beim das dem der durch ein eine einem einen einer für mehr nach nicht oder sind und vom von vor
    weniger wie zum zur como del las los más menos para pero por una unas unos anche che dei della delle gli nella più
    das não uma een het maar meer niet ook voor
    """.split()
)
"""Verbs and words that open many ideas: they count when ideas are compared, but no label is made of them.

The last three lines are little words of German, Spanish, Italian, Portuguese and Dutch that mean nothing in ours."""
