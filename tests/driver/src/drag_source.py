"""A small window that a file can be dragged from. Arguments: the file, and the place of the window (x, y)."""

import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk

file, x, y = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

area = Gtk.EventBox()
area.add(Gtk.Label(label="drag me"))
area.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
area.drag_source_add_uri_targets()
area.connect("drag-data-get", lambda _area, _context, data, _info, _time: data.set_uris([GLib.filename_to_uri(file)]))
area.connect("drag-end", lambda *_: Gtk.main_quit())

window = Gtk.Window(type=Gtk.WindowType.POPUP)
window.set_default_size(80, 80)
window.move(x, y)
window.add(area)
window.connect("map-event", lambda *_: print("ready", flush=True))
window.show_all()
Gtk.main()
