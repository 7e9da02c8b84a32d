"""The 2,048 words of cards and return words: short, everyday, none unkind, each known by its first four letters.

Four words write one number of 44 bits. Derived from the French word list of BIP-39 (MIT licence), about two words in
five of which were replaced by plainer or kinder ones. The order is part of the code: never change it, never add to it.
"""

import unicodedata
from functools import cache

PREFIX = 4


def fold(word: str) -> str:
    """A word as it is compared: lower case, without accents, œ as oe. Pure."""
    word = word.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


WORDS: tuple[str, ...] = tuple(
    """
abaisser abbaye abeille abolir aborder aboutir aboyer abrasif abreuver abricot absence absolu académie acajou
acarien accent acclamer accord accroche achat acheter aciduler acier acompte acquérir acrobate acteur actif
actuel adepte adéquat adhésif adjectif adjuger admettre admirer adopter adorer adoucir adresse adroit adulte
adverbe aérer aérodrome affaire affecter affiche affût agenda agile agiter agneau agrafer agréable agrume
aider aiguille ailier aimable aisance ajonc ajout ajuster alarmer alchimie alcôve alerte alezan algèbre algue
aliéner aliment aller alliage allouer allumer almanach alouette alpage alphabet altesse alvéole amande amarre
amateur ambigu ambre aménager amidon amiral amitié amorcer amour amovible amphibie ampleur ampoule amusant
analyse ananas anaphore anatomie ancien ancolie ancre anémone angelot angle anguleux animal anis anneau
annonce annuel anodin anomalie anonyme anormal antenne antilope août apaiser apéritif aplat apologie appareil
appeler apporter appui après aquarelle aqueduc araignée arbitre arbre arbuste arcade archer ardeur ardoise
arête argent argile arlequin armature armoire armure arôme arpenter arracher arrêt arrivée arrosoir artiste
asperge asphalte aspirine assiette associer assurer astre astuce atelier athlète atlas atome atout atrium
attente attirer attraper aubaine aube audace audible aurore autocar autruche avaler avance avenir averse
aveugle aviateur avion aviron aviser avocat avoine avouer avril axial axiome azur badge bagage bague bahut
baie baignade balade balcon baleine balise ballon bambou banane banc bandage banjo banlieue bannière banque
baobab baquet barbe baron barque barrage bascule basilic bassine bastide bateau batteur baudrier bavarder
bavoir bazar beffroi bégonia beignet belette bélier belote belvédère bénéfice bengale berceau béret berger
berline bermuda besace besogne bétail beurre biberon biche bicoque bicycle bidule bijou bilan bilingue billet
binaire biologie biscotte bison bistrot bitume bizarre blague blanchir blason bleuet blinder blond bloquer
blouson bobine bocal boire boiser boîte bolet bolide bonbon bondir bonheur bonifier bonjour bonnet bonus
boomerang bordure borne bosquet bottine bouche bouée bougie boulanger bouquet bourgeon boussole bouton
bouvreuil boxeur bracelet braise branche brave brebis brèche breuvage bricoler brigade brillant brin brioche
brique brise brocoli broder bronzer brosse brousse bruit brume brun bruyère bûche buffet buisson bulbe bulle
bureau burin butane butiner butte buvard buvette cabane cabestan cabine cabri cacao cachette cactus cadeau
cadran café cahier caille caisson cake calculer calèche calibre calme camarade caméra camion camp canapé
candidat caneton cannelle canot cantine capable capitale caporal caprice capsule capter capucine caramel
carbone cardigan caresser caribou carnet carotte carrefour carte cascade casier casque casserole castor causer
caution cavalier cave caviar cédille ceinture céleri cellule cendrier cent cercle céréale cerf cerise cerner
cerveau cesser chaîne chalet chameau chanson chapeau charrue chat chaussette chemin chêne chéquier chercher
cheval chien chiffon chignon chiot chips chocolat choisir chorale chose choux chrome cible cidre ciel cigale
cigogne cinéma cinquante cintrer cirage circuit cirer cirque ciseaux cistude citadelle citerne citoyen citron
civil clafoutis clairon clameur claquer clarinette classeur clavier clef clément client cligner climat clin
clivage cloche clou cobalt cobra cocasse coccinelle cocotier coder codifier coffre cohésion coiffure coing
colis collier colmater colombe colvert colza comète commode compote concombre conduire confiture congeler
connoter conque consonne conte convexe copain copie coquelicot corail corbeille corde cormoran cornet corolle
corpus correct cortège cosmique costume coton coude couette couloir coupe courge coussin couverture coyote
crabe craie craquelin cravate crayon créature créditer crème crêpe cresson creuser crevette cribler crier
cristal critère crochet croissant croquis croûte cruche cube cubique cueillir cuiller cuisine cuivre culminer
culotte cultiver cumin cumuler curatif curry curseur cyclamen cygne cylindre cymbale cyprès dahlia daigner
dalle damier danse datte dauphin déborder débrider débutant décaler décembre décider déclarer décorer décrire
décupler dédale déductif déesse défensif défilé dégager dégivrer dégrafer déjeuner délice déloger demander
demeurer dénouer dentelle départ dépenser déphaser déplacer déposer descente désigner dessert destrier
détacher détour devancer devenir devise devoir dialogue diamant dicter différer digérer digital digne diluer
dimanche diminuer diplôme directif diriger discuter disposer disque dissiper distance divertir diviser dizaine
docteur doigt domaine domino donateur donjon donner dorade dortoir dorure dosage doseur dossier dotation
douanier double douche douter douze doyen dragée draisine drap dresser dribbler droiture dune durable durcir
duvet dynastie éblouir écaille écarter écharpe échelle écho éclair éclipse éclore écluse école économie écorce
écouter écran écrémer écrivain écrou écume écureuil édifier édredon éduquer effacer effectif effigie effort
effusion égaliser églantine élaborer élan élargir électron élégant éléphant élève éligible éloge élucider
éluder émail emballer embellir embryon émeraude émission emmener émotion émouvoir emporter émulsion encadrer
enchère enclave encoche encre endosser endroit enduire énergie enfant engager englober énigme enjamber enjeu
enlever enrichir enrobage enseigne entasser entendre entier entourer énumérer enviable envoyer enzyme éolien
épaissir épargne épatant épaule épicerie épilogue épine épisode éponge époque épreuve éprouver équateur
équerre équipe érable ériger érosion escargot espace espèce espiègle espoir esprit essai essence essieu
essorer estime estomac estrade étage étaler étamine étang éteindre étendoir éternel éthique étincelle étirer
étoffe étoile étonnant étourdir étrange étroit étude euphorie évaluer éventail évidence évier éviter évolutif
évoquer exact exagérer exaucer exceller excitant exclusif excuse exemple exercer exister expédier explorer
exposer exprimer exquis extraire fable fabuleux façade facette facile facteur faiblir faisan falaise falbala
fameux famille fanfare farceur farfelu farine fasciner faucille fauteuil fauvette faveur favori féconder
fédérer félin femme fenaison fendoir fenêtre fenouil fermer festival fête feuille feutre fève février ficelle
fictif ficus fidèle figue filature filet filière filleul filmer filtrer financer finir firme fixer fjord
flacon flairer flamant flan flèche fleur flexion flocon floraison fluctuer fluide flûte fluvial foin fonderie
fontaine forcer forêt forge formuler fortune forum fossette fouet fougère fouiller foulard four foyer fragile
fraise framboise frange frégate freiner frêne frère fresque friandise friction frite froid fromage frotter
fruit fugue fusain fusée fusion futur gabarit gagner gaieté galaxie galet galop gambader gamelle gant garage
garçon gardien garenne garnir garrigue gâteau gaufre gazelle gazon géant gélatine gelée gélule genêt génie
genou gentil géode géologie géomètre géranium gerbe germe geste geyser gibbon gilet gingembre girafe gîte
givre glaçon gland glisser globe gloire glouton glycine goéland golfeur gomme gonfler gorge gorille goudron
goulot goupille gourmand goûter graduel graffiti grain grange grappe gratuit gravier grenier grille grimper
griotte groseille grotte groupe grue gruger grutier gruyère guépard guichet guidon guimauve guirlande guitare
gustatif gymnaste habitude hachoir halte hamac hameau hamster hanche hangar hanneton haricot harmonie harpe
hasard herbier hérisson hermine héron hêtre heure hiberner hibou hilarant hirondelle histoire hiver hobby
homard hommage homogène honneur honorer horizon horloge hortensia hôtel hotte houblon houleux housse hublot
huile huître humain humide humour hygiène hymne idée idylle igloo iguane illusion image imiter immense
immobile impact impérial implorer imposer imprimante incarner incliner incolore indexer indigo inductif inédit
inexact infirmier informer ingérer inhaler inonder inscrire insecte insigne insolite inspirer instant intact
intense intime intrigue intuitif inventer inviter invoquer iode iris ironique isoler itinéraire ivoire
jacinthe jade jaguar jaillir jambon janvier jardin jarre jasmin jaune jean jeton jeudi jeunesse jockey joindre
jongler jonquille joue journée jovial joyau joyeux jubiler judo juillet juin jument jungle junior jupe jupon
juriste justice juteux juvénile kangourou karting kayak képi kermesse ketchup kilo kimono kiosque kiwi klaxon
koala label labourer lactose lagune laine laisser laitue lama lambeau lamelle lampe lanceur lande langue
lanterne lapin lard largeur lasso latin latte laurier lavande lavoir lecture légal légende légume lentille
lessive lettre levain levier levure lexique lézard liane liasse libellule libre licence lichen licorne liège
lierre lièvre ligature ligne ligue lilas limer limite limonade limpide linéaire lingot lion liquide liseron
lisière liste litre littoral livret loge logique lointain loisir lombric longère losange loterie louer loupe
loutre louve loyal lucarne lucide lucratif lueur luge luisant lumière lunaire lundi lune lustre luth lutin
lutrin lycée lynx macaron machine madeleine magasin magenta magique magnolia maigre maillot maintien mairie
maïs majorer mallette mammouth mandarine manège mangue maniable manteau manuel marais marbre marchand mardi
marelle marguerite marin marmite marqueur marron mars marteau mascotte massif matelas matin mauve maximal
médaille médecin méditer méduse meilleur mélange mélèze melon membre mémoire ménage mener menhir menthe menu
mercredi mérite merle mésange message mesure métal météore méthode métier métro meuble meule miauler miel
miette mignon migrer milan milieu million mimique mimosa mince minéral minimal minorer minute mirabelle
miroiter mitaine mixte mobile modèle moelleux moineau moisson mondial moniteur monnaie monotone montre
monument morceau morille mosaïque moteur motif motte mouche moufle moulin mousson moutarde mouvant muguet
mulot multiple muraille mûre murmure muscle musée musique mutation mutuel myriade myrtille mystère mythique
nacre nage napperon narcisse narrer natation nation natte nature nautique navet navire nectarine négocier
neige nénuphar nettoyer neurone neutron neveu nichoir nickel niveau noble nocturne noisette noix nomade
nombreux nommer normatif notable notifier notoire nougat nourrir nouveau novateur novembre novice noyau nuage
nuancer nuée numéro nuque nutritif nymphe oasis objet observer obtenir obturer occasion occuper océan ocre
octobre octroyer odeur odorant œillet offrir ogive oignon oiseau oisillon olfactif olive ombrelle omelette
omettre oncle onduler onglet opale opaque opéra opinion opportun opter optique orange orbite orchidée
ordinateur ordonner oreiller organe orgue orifice origan orme ornement orque orteil ortie osciller osier
ossature otarie oursin outil ouvrier ovale ovation oxygène ozone pagaie page paille paisible palace palmier
palourde palper panache panda pangolin panier panneau panorama pantoufle papaye papillon papoter papyrus
pâquerette parasol parc parfum parler parole parquet parsemer partager parure parvenir passage pastel pâte
patin pavé pavillon pavot payer paysage pêche peigne peinture pelage pélican pelle pelote peluche pendule
pensée pépite péplum perche perdrix perforer période perle permuter perron persil peser pétale petit pétrir
peuple phare phoque photo phrase physique piano pictural pièce pierre pieuvre pigeon pilote piment pinceau
pinède pinson pintade pipeau piquer pirogue piscine piste pivert pivoine pixel pizza placard plafond plage
plaine planche plaque plastron plateau pliage plonger pluie plume poche poêle poésie poète pointe poire
poisson poivre polaire polka pollen polygone pomme pompon ponctuel pondérer poney pont porche port position
posture potager poterie potion pouce poudre poule poumon poupée pourpre poussin pouvoir prairie pratique
précieux préfixe prêle prénom présence prétexte prévoir primevère prince procéder prodige profond progrès
projeter prologue promener propre prospère protéger prouesse proverbe prudence prune public puiser puits pull
pulpe pupitre purifier puzzle pyramide quai quartier quatre question quiche quiétude quille quinoa racine
raconter radeau radis rail raisin ralentir rallonge ramasser rame rampe rapide rasage râteau ratisser ravioli
rayon réagir réaliser réanimer recette réciter réclamer récolte reculer recycler rédiger refaire réflexe
réformer refrain refuge régalien région règle régulier reine réitérer rejouer relais relever relief remarque
remède remise remonter remplir remuer renard renfort renifler renoncer rentrer repas replier repos reprise
réseau résineux résoudre respect rester résultat rétablir retenir retomber retracer réunion réussir revanche
réveil revivre richesse rideau rieur rigoler rincer riposter rituel rivage rivière rizière robe robinet rocher
romarin ronce ronde rosée rosier rotatif rotonde rotule roue rouge roulotte route royaume ruban rubis ruche
ruelle rugueux ruisseau rustique rythme sable sabot sacoche safari safran sagesse saison salade salle salon
salsa saluer samedi sandale sanglier sapin sardine satin sauce sauge saule saumon sauter savane savon scénario
schéma scie score sculpter séance seau sécher secouer seigle séjour sélectif selle semaine sembler semelle
semoule sensible sentier séparer septembre séquence serein sérieux serre serviette sésame sève siècle siège
sieste sifflet sigle signet silex simple sincère siphon sirène sirop sittelle situer skier social socle soie
soif soigneux soir sole soluble sommeil sonate sonde songeur sonnette sonore sorbet sortir souche soudure
souffle soulever soupe source souvenir spacieux spatule spécial sphère spiral sport square stable stade statue
store strict studio stylo sublime succès sucre suggérer suiveur superbe supplier sureau surface suricate
surprise survie syllabe symbole symétrie syntaxe système tabac table tabouret tactile tailler talent talus
tambourin tamiser tanche tangible tante tapis taquiner tarder tarif tarte tasse tatami taureau taxer télescope
témoin tempo tenaille tendre teneur tenir tente terminer terne terrasse texte théâtre théière thème théorie
thérapie thym tiède tige tilleul timbale timide tirelire tiroir tisane tissage titre toboggan toile toit
tomate tonique tonnelle toque torchon tordre torrent tortue totem toucher toundra toupie tournesol tracteur
trafic train trajet trancher trèfle treille tremplin trésor treuil triage tricot trilogie triomphe triporteur
trombone tronc tropical trousse truelle truffe truite tuile tulipe tunnel turban tutoyer tuyau typique ultime
unanime unifier union unique unitaire univers urbain usage usine ustensile usuel utile utopie vaccin vague
vaillant vaisseau valable valise vallée valse valve vanille vapeur varier vase vaste vedette végétal véhicule
veinard vélo vendredi vent verdure verger vernir verre verser vertu verveine veste vétéran viaduc viande
victoire vidange vidéo vigne vigueur village vinaigre violette virgule virtuose visage viseur visite visuel
vital vitesse viticole vitrail vivace vivier vocation voile voisin voiture volant volcan volet volière
voltiger volume voter vouloir voyage voyelle wagon yacht yaourt zèbre zénith zéphyr zinc zone zoologie
""".split()  # noqa: SIM905
)


@cache
def _places() -> dict[str, int]:
    """Made for the first code that is typed: 5 ms that no start waits for."""
    return {fold(word)[:PREFIX]: place for place, word in enumerate(WORDS)}


def place_of(word: str) -> int | None:
    """The place of a word in the list, by its first four letters when the rest agrees as far as it was typed.

    None when no word answers: ``citr`` and ``Citron`` are the same word, ``citrique`` is none.
    """
    typed = fold(word)
    place = _places().get(typed[:PREFIX])
    if place is None or not fold(WORDS[place]).startswith(typed):
        return None
    return place
